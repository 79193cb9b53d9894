"""How long a newcomer waits: the book built cold, warm and unchanged, and the first check.

Everything happens in a throw-away copy of the tracked files, with the packages of `.venv`, which
are not installed again. Time is the wall clock's, as it is the person's; beside it stands how long
the processors worked, which another program on the machine changes less.
"""

import itertools
import os
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.record import ROOT
from tools.tracked import listed

#: What a newcomer meets, and how many seconds it may take on two cores.
FIRST_PAGE, ALL = "the book's first page, in a fresh clone", "make, in a fresh clone"
UNCHANGED, TOUCHED = "make, nothing changed", "make book, chapter 4 touched"
EDITED, CHECK = "make book, chapter 4 edited", "the first check in a notebook"
BOUNDS = {FIRST_PAGE: 90.0, ALL: 180.0, EDITED: 20.0, TOUCHED: 1.0, UNCHANGED: 1.0, CHECK: 5.0}

CHAPTER = "chapters/04-backprop-by-hand.md"
NOTEBOOK = "01-differentiation"
#: A cell that runs a check has such a line; the first of them ends the wait for a first answer.
CHECK_CALL = re.compile(r"^check\.", re.MULTILINE)


def copy_of_the_project(folder: Path) -> Path:
    """Copy what git tracks, or would, and lend the copy the environment that is there."""
    copy = folder / "copy"
    for file in listed(ROOT, "ls-files", "--cached", "--others", "--exclude-standard"):
        place = copy / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


def make(copy: Path, *targets: str, until: Path | None = None) -> tuple[float, float, float | None]:
    """Run make; return seconds, seconds of all processors, and when a file was there.

    Raises
    ------
    RuntimeError
        If make fails; its last lines are in the message.
    """
    outer = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # this may itself be run by make
    environment = {key: value for key, value in os.environ.items() if key not in outer}
    # The environment counts as ready, however old its stamp.
    command = ["make", "--old-file=.venv/.ready", *targets]
    worked = processor_seconds()
    seen = None
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        running = subprocess.Popen(
            command, cwd=copy, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        while True:
            try:
                running.wait(0.05)
            except subprocess.TimeoutExpired:
                if seen is None and until is not None and until.exists():
                    seen = time.perf_counter() - start
                continue
            break
        seconds = time.perf_counter() - start
        if running.returncode:
            output.seek(0)
            end = "".join(output.readlines()[-20:])
            raise RuntimeError(f"`{' '.join(command)}` failed in a copy of the project:\n{end}")
    return seconds, processor_seconds() - worked, seen


def processor_seconds() -> float:
    """How long all ended child processes have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def first_check(copy: Path) -> float:
    """Open the first assignment as a student gets it, and run it down to its first check."""
    import nbformat
    from nbclient import NotebookClient

    folder = copy / "course" / "release" / NOTEBOOK
    notebook = nbformat.read(folder / f"{NOTEBOOK}.ipynb", as_version=4)
    ends = [number for number, cell in enumerate(notebook.cells) if CHECK_CALL.search(cell.source)]
    notebook.cells = notebook.cells[: ends[0] + 1]
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        allow_errors=True,  # nothing is solved yet, and the check says so
    )
    start = time.perf_counter()
    client.execute()
    seconds = time.perf_counter() - start
    assert notebook.cells[-1].outputs, "the first check says nothing"
    return seconds


def entry(what: str, seconds: list[float], worked: float | None = None) -> dict[str, Any]:
    """One duration of the record: its median, its quartiles, and its bound."""
    several = len(seconds) > 1
    low, middle, high = statistics.quantiles(seconds, n=4) if several else (seconds * 3)
    return {
        "what": what,
        "seconds": round(middle, 2),
        "spread": [round(low, 2), round(high, 2)] if several else None,
        "processor_seconds": None if worked is None else round(worked, 1),
        "bound": BOUNDS[what],
        "reached": middle <= BOUNDS[what],
        "note": "",
    }


def edit(chapter: Path, number: int) -> None:
    """Change what one cell of a chapter prints, another time each time."""
    text = chapter.read_text(encoding="utf-8")
    head, fence, rest = text.partition("```{code-cell} ipython3\n")
    options, marker, body = rest.partition("\nimport ")
    assert fence
    assert marker, "no cell of the chapter begins with an import"
    chapter.write_text(f"{head}{fence}{options}\n# edit {number}{marker}{body}", encoding="utf-8")


def durations(copy: Path, turns: int = 3) -> list[dict[str, Any]]:
    """Everything that a newcomer waits for, in the order in which they meet it."""
    seconds, worked, seen = make(copy, until=copy / "_build" / "html" / "index.html")
    assert seen is not None, "make built no first page"
    entries = [entry(FIRST_PAGE, [seen]), entry(ALL, [seconds], worked)]
    entries.append(entry(CHECK, [first_check(copy) for _ in range(turns)]))
    entries.append(entry(UNCHANGED, [make(copy)[0] for _ in range(turns)]))

    def book_after(change: Callable[[int], object]) -> Iterator[float]:
        for number in range(turns):
            change(number)
            yield make(copy, "book")[0]

    chapter = copy / CHAPTER
    entries.append(entry(TOUCHED, list(book_after(lambda _: chapter.touch()))))
    entries.append(entry(EDITED, list(book_after(lambda number: edit(chapter, number)))))
    return entries


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback, and give its address."""
    import functools
    import threading
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def weights(copy: Path) -> list[dict[str, Any]]:
    """How many bytes each page brings into an empty browser: its own, and all it loads."""
    import yaml
    from playwright.sync_api import sync_playwright

    from tests.conftest import find_browser

    contents = yaml.safe_load((copy / "_toc.yml").read_text(encoding="utf-8"))
    chapters = itertools.chain.from_iterable(part["chapters"] for part in contents["parts"])
    pages = ["index", *(one["file"] for one in chapters)]
    path = find_browser()
    if path is None:
        raise ModuleNotFoundError("no Chromium was found", name="chromium")
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    entries = []
    with served(copy / "_build" / "html") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        for page in pages:
            context = browser.new_context()  # with nothing in its cache
            tab = context.new_page()
            sizes: dict[str, int] = {}
            answers: list[Any] = []
            tab.on("response", lambda answer, into=answers: into.append(answer))
            tab.goto(f"{address}{page}.html", wait_until="networkidle")
            for answer in answers:
                sizes[answer.url] = len(answer.body())
            context.close()
            own = sizes[f"{address}{page}.html"]
            name = page.removeprefix("chapters/")
            total = sum(sizes.values())
            entries.append({"page": name, "own": own, "bytes": total, "files": len(sizes)})
        browser.close()
    return entries


def measure() -> dict[str, list[dict[str, Any]]]:
    """Build a copy of the book in every way, then weigh its pages."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of_the_project(Path(folder))
        waited = durations(copy)
        return {"building": waited, "weight": weights(copy)}
