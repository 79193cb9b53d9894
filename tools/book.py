"""Build the book: ``python -m tools.book``.

Jupyter Book does the work, with warnings as errors. What this adds is an ending that an author can
act on: when something is wrong, the last thing printed is one sentence that names the file and what
to do about it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# "file.md:12: WARNING: message", as Sphinx prints it; the line is not always known.
WARNING = re.compile(
    r"^(?:[a-z ]+\.\.\. )?(?P<file>[^:\n]*?):?(?P<line>\d+)?:? ?"
    r"(?:WARNING|ERROR|CRITICAL|SEVERE): (?P<message>.+)$"
)
# "ValueError: message", the end of a traceback. Sphinx's own errors are a heading, "Extension
# error:", and the message on the next line.
CRASH = re.compile(r"^[A-Za-z_.]*(Error|Exception|Interrupt)\b.*")
FAILED_CELL = re.compile(
    r"(?P<cell>cell \d+|a cell) (?P<what>raised|did not finish:) (?P<error>.*)"
)
LABEL = re.compile(r"\s*\[[a-z_]+(\.[a-z_]+)*\]$")

JUPYTER_BOOK = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"


# Folders whose contents never reach a page.
SKIPPED = {"_build", "build", "course", "__pycache__", "node_modules"}


def fingerprint(source: Path) -> str:
    """Return a digest of every file that the book could be made from."""
    state = hashlib.sha256(sys.version.encode())
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED
        )
        for name in sorted(files):
            file = Path(folder, name)
            if name.startswith(".") or not file.is_file():
                continue
            content = file.read_bytes()
            state.update(f"\0{file.relative_to(source).as_posix()}\0{len(content)}\0".encode())
            state.update(content)
    return state.hexdigest()


def writable(folder: Path) -> str | None:
    """Return why nothing can be written into a folder, or None when all is well."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return error.strerror or str(error)
    return None


def explain(lines: Iterable[str], source: Path) -> str:
    """Say in one sentence why a build failed.

    A failed cell comes before any other warning, because the others are often its consequences.

    Parameters
    ----------
    lines : iterable of str
        What the build printed.
    source : Path
        The book's folder; file names are shown relative to it.

    Returns
    -------
    str
        The sentence.
    """
    first = None
    last = "Jupyter Book stopped"
    heading = False
    for line in lines:
        text = COLOURS.sub("", line).strip()
        if CRASH.match(text) or heading:
            last = text
        heading = text.lower().endswith(" error:")
        match = WARNING.match(text)
        if match is None:
            continue
        file = shown(match["file"], source)
        message = LABEL.sub("", match["message"]).strip()
        cell = FAILED_CELL.match(message)
        if cell:
            what = cell["what"]
            return (
                f"{file}: {cell['cell']} {what} {cell['error'].rstrip('.')}. "
                f"Fix that cell (line {match['line']}) and run make book again."
                if match["line"]
                else f"{file}: {cell['cell']} {what} {cell['error'].rstrip('.')}. "
                "Fix that cell and run make book again."
            )
        if first is None and not message.startswith("Executing notebook failed"):
            place = f"{file}, line {match['line']}" if match["line"] else file
            first = f"{place}: {message.rstrip('.')}." if place else f"{message.rstrip('.')}."
    if first is not None:
        return f"{first} Fix this and run make book again."
    return f"The book was not built: {last.rstrip('.')}. The lines above say more."


def shown(name: str, source: Path) -> str:
    """Return a file's name the way its author knows it."""
    if not name:
        return ""
    path = Path(name.removesuffix(":"))
    try:
        return (
            path.resolve().relative_to(source.resolve()).as_posix() if path.is_absolute() else name
        )
    except ValueError:
        return path.name


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """Wait until no other build writes to the same place: two at once spoil each other's pages."""
    try:
        import fcntl
    except ImportError:  # not on this system; two builds at once are then the caller's affair
        yield
        return
    with (target / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another build is writing to {target}; waiting for it to end.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(command: list[str], environment: dict[str, str]) -> Iterator[str | int]:
    """Run a command; yield its lines as they come and, at the end, its exit code.

    A process that the command left behind would hold the pipe open, and this would wait for ever.
    So the command leads a group of its own, which ends with it.
    """
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        watcher = threading.Thread(target=lambda: end_group(process), daemon=True)
        watcher.start()
        try:
            yield from process.stdout
        except BaseException:  # Ctrl-C does not reach another session by itself
            process.terminate()
            raise
        yield process.wait()
        watcher.join()


def end_group(process: subprocess.Popen[str]) -> None:
    """Wait for a process, then end what it has left behind."""
    process.wait()
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)


def build(
    source: Path = ROOT, output: Path | None = None, *, fresh: bool = False, quiet: bool = False
) -> int:
    """Build a book.

    Parameters
    ----------
    source : Path
        The folder that holds ``_config.yml`` and ``_toc.yml``.
    output : Path, optional
        The folder in which ``_build`` is made; the source folder unless given. The pages are in
        ``_build/html``.
    fresh : bool
        Read every page again, even when nothing has changed. Stored outputs are still used.
    quiet : bool
        Print only the ending.

    Returns
    -------
    int
        0, or 1 when the book was not built.
    """
    source = Path(source).resolve()
    target = (Path(output).resolve() if output is not None else source) / "_build"
    for name in ("_config.yml", "_toc.yml"):
        if not (source / name).is_file():
            print(f"{source / name} is missing, so there is no book to build here.")
            return 1
    reason = writable(target)
    if reason is not None:
        print(f"The book cannot be written to {target}: {reason}. Free that path and try again.")
        return 1

    with alone(target):
        return build_alone(source, target, fresh=fresh, quiet=quiet)


def build_alone(source: Path, target: Path, *, fresh: bool, quiet: bool) -> int:
    """Build a book into a folder that nobody else is writing to; return 0 or 1."""
    pages = target / "html"
    stamp = target / "book.inputs"
    inputs = fingerprint(source)
    built = stamp.read_text() if stamp.is_file() and (pages / "index.html").is_file() else ""
    if built == inputs and not fresh:
        # Sphinx would find out too, but starting it takes several seconds.
        print(f"Nothing has changed. The book is ready: open {pages / 'index.html'}")
        return 0
    if not built:
        # The last build did not come to its end. Sphinx would take every page for written that it
        # has read; the outputs of the cells that did come to their end are kept.
        (target / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
    stamp.unlink(missing_ok=True)

    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(source)]
    command += ["--path-output", str(target.parent), "-W", "-n", "--keep-going"]
    if fresh:
        command.append("--all")
    # Python's own UTF-8 mode: chapters are UTF-8 whatever the machine's locale says.
    environment = {**os.environ, "PYTHONUTF8": "1"}
    lines: list[str] = []
    code = 1
    for item in run(command, environment):
        if isinstance(item, int):
            code = item
            continue
        lines.append(item)
        if not quiet:
            print(item if sys.stdout.isatty() else COLOURS.sub("", item), end="", flush=True)
    if code != 0:
        print(explain(lines, source))
        return 1
    stamp.write_text(inputs)
    print(f"The book is ready: open {pages / 'index.html'}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(prog="python -m tools.book", description="Build the book.")
    parser.add_argument("--source", type=Path, default=ROOT, help="the book's folder")
    parser.add_argument("--output", type=Path, help="where _build is made (default: the source)")
    parser.add_argument("--fresh", action="store_true", help="read every page again")
    parser.add_argument("--quiet", action="store_true", help="print only the ending")
    options = parser.parse_args(arguments)
    return build(options.source, options.output, fresh=options.fresh, quiet=options.quiet)


if __name__ == "__main__":
    sys.exit(main())
