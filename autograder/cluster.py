"""Judges a class on a Dask cluster: many machines, which share no folder with this one.

What was handed in travels to a worker as bytes, the result comes back, and only this process
writes. The workers are the instructor's: each has the course's code installed, one thread, and a
jail of its own. A worker that dies takes nobody with it: Dask gives what it had to another.
"""

import contextlib
import os
import stat
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder import clock, jail
from autograder.classroom import Assignment, Class, Result, code, given_up, longest, warm
from autograder.temporary import Folder

#: Seconds to find the scheduler and its first worker.
_PATIENCE = 10
#: Name and content of each file; None for what is no plain file.
Packed = dict[str, bytes | None]


class NoCluster(RuntimeError):
    """The cluster cannot be used; the message says what to do."""


def pack(folder: Path, largest: int) -> Packed | None:
    """Return what is in a folder, unread, or None if it is no folder.

    Parameters
    ----------
    folder : Path
    largest : int
        Bytes of one file; of a larger one, one byte more is taken, so that it still is too large.
    """
    if folder.is_symlink() or not folder.is_dir():
        return None
    packed: Packed = {}
    for place, folders, names in os.walk(folder):
        for name in (*names, *(one for one in folders if Path(place, one).is_symlink())):
            path = Path(place, name)
            content = None
            with contextlib.suppress(OSError):  # what cannot be read is no plain file either
                if stat.S_ISREG(os.lstat(path).st_mode):
                    with path.open("rb") as file:
                        content = file.read(largest + 1)
            packed[str(path.relative_to(folder))] = content
        for name in folders:
            packed.setdefault(str(Path(place, name, "").relative_to(folder)) + os.sep, b"")
    return packed


def unpack(packed: Packed, folder: Path) -> None:
    """Write what `pack` has taken; a link that leads nowhere stands for what is no plain file."""
    for name, content in packed.items():
        path = folder / name
        if name.endswith(os.sep):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.symlink_to(folder / "nothing" / "here")
        else:
            path.write_bytes(content)


def judge(assignment: Assignment, student: str, packed: Packed | None) -> Result:
    """Judge one submission; this runs in a worker."""
    with Folder() as folder:
        place = folder / "handed-in"
        if packed is not None:
            place.mkdir()
            unpack(packed, place)
        # No signal reaches a worker's thread, so this is the one clock above what hangs here.
        with clock.ended_after(longest(assignment)):
            return warm(assignment).grade(student, place)


def _ready() -> tuple[str, str]:
    """Return which code a worker has, and why it has no jail, if so."""
    found = jail.probe()
    return code(), "" if found.sufficient else "; ".join(found.reasons) or "no jail"


def results(room: Class, students: Sequence[str], scheduler: str) -> Generator[Result, None, None]:
    """Judge some students' submissions, and yield each result as it comes.

    Raises
    ------
    NoCluster
    """
    try:
        import distributed
    except ImportError:
        raise NoCluster(
            "--scheduler needs Dask: install the course with its extra `scale`, or leave it out."
        ) from None
    dask: Any = distributed
    try:
        client = dask.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise NoCluster(f"There is no Dask scheduler at {scheduler}: {error}.") from None
    with client:
        _examine(client, room)
        threads = sum(client.nthreads().values())
        queue = iter(students)
        waiting: dict[str, str] = {}
        going = dask.as_completed(loop=client.loop)
        # Two for each thread: none waits for us, and few submissions are on their way at once.
        for _ in range(2 * threads):
            _next(client, room, queue, waiting, going)
        for future in going:
            student = waiting.pop(future.key)
            try:
                yield future.result()
            except Exception as error:  # a fault of ours, or the third worker that died with it
                yield given_up(room, student, f"{type(error).__name__}: {error}")
            future.release()
            _next(client, room, queue, waiting, going)


def _next(
    client: Any, room: Class, queue: Iterator[str], waiting: dict[str, str], going: Any
) -> None:
    """Send the next submission on its way."""
    student = next(queue, None)
    if student is None:
        return
    packed = pack(room.folder("submitted", student), room.limits.submitted_file)
    future = client.submit(judge, room.assignment, student, packed, pure=False)
    waiting[future.key] = student
    going.add(future)


def _examine(client: Any, room: Class) -> None:
    """Raise NoCluster unless every worker has this code, one thread, and a jail."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        told = client.run(_ready)
    except Exception as error:
        raise NoCluster(
            f"The cluster's workers cannot judge: {error}. Install this course on each of them."
        ) from None
    here = code()
    for worker, (there, reason) in told.items():
        if there != here:
            raise NoCluster(f"{worker} has other code than this machine: install this version.")
        if reason and not room.limits.accept_no_jail:
            raise NoCluster(f"{worker} cannot jail students' code: {reason}.")
    for worker, threads in client.nthreads().items():
        if threads != 1:
            raise NoCluster(f"{worker} has {threads} threads; start it with --nthreads 1.")
