"""Fast tests first, on all cores; what is slow to prepare is prepared once for all processes."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Folders whose tests build, grade or browse, in the order in which they run, after all others: the
#: longest first, so that no process waits long for another.
SLOW = ("tests/book", "tests/autograder", "tests/solutions", "tests/lab")

#: What is prepared once, for a folder or for a file, is used in one process only.
WHOLE = ("tests/solutions", "tests/book")
TOGETHER = (*SLOW, "tests/tools", "tests/facts", "tests/benchmarks")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders last, and then what names its own group; within a rank nothing moves."""

    def rank(item: pytest.Item) -> int:
        if item.get_closest_marker("xdist_group"):
            return len(SLOW) + 1
        place = item.path.relative_to(ROOT).as_posix()
        return next((n for n, folder in enumerate(SLOW, 1) if place.startswith(folder)), 0)

    items.sort(key=rank)
    for item in items:
        place = item.path.relative_to(ROOT).as_posix()
        if place.startswith(TOGETHER) and not item.get_closest_marker("xdist_group"):
            folder = place.startswith(WHOLE)
            group = str(Path(place).parent) if folder else place
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes after their argument: each process must find the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[..., Path]:
    """Return a function that prepares a folder once, whichever process asks first.

    Whoever uses the folder leaves it as it is, or takes a copy.
    """
    mine = tmp_path_factory.getbasetemp()
    # pytest-xdist gives each process a folder of its own inside one of the whole run.
    common = mine if worker_id == "master" else mine.parent

    def prepare(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = common / name, common / f"{name}.done"
        with (common / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not done.exists():
                make(folder)
                done.touch()
        return folder

    return prepare


def run_python(*arguments: str) -> None:
    """Run Python in a process of its own: nbgrader warns of itself, and here that is an error."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def release_the_first(course: Path) -> None:
    """Release the first assignment in a course."""
    program = (
        "import sys; from pathlib import Path; from tools.release import release;"
        "release(Path('solutions'), Path(sys.argv[1]), '01-differentiation')"
    )
    run_python("-c", program, str(course))


@pytest.fixture(scope="session")
def one_released(shared: Callable[..., Path]) -> Path:
    """Return a course in which the first assignment has been released."""
    return shared("one_released", release_the_first)


@pytest.fixture(scope="session")
def all_released(shared: Callable[..., Path]) -> Path:
    """Return a course in which every assignment has been released, with the students' handout."""
    return shared(
        "all_released", lambda course: run_python("-m", "tools.release", "--course", str(course))
    )


def find_browser() -> str | None:
    """Return the path of a browser of the Chromium family, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        fetched = playwright.chromium.executable_path
    return fetched if Path(fetched).is_file() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Return one browser for all tests; without one they are skipped, or fail where CI is set."""
    path = find_browser()
    if path is None:
        reason = "no Chromium found: install chromium, or run `playwright install chromium`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    flags = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    # Chromium refuses its sandbox to the superuser, whom containers often run as.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        session = playwright.chromium.launch(executable_path=path, args=flags)
        yield session
        session.close()
