"""Temporary folders that do not stay for ever if the process that made them was killed.

Whoever makes one holds a lock on a file in it, which the system takes away when that process is
gone; and whoever makes the next removes those of the same user whose lock nobody holds.
"""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows; nothing is graded there
    fcntl = None  # type: ignore[assignment]

#: How the names of these folders begin, and the file in each that its owner has locked.
_PREFIX, _OWNED = "judge-", ".owned"


class Folder:
    """A temporary folder, until it is closed or this process ends, however that happens.

    Examples
    --------
    >>> with Folder() as place:
    ...     place.is_dir()
    True
    >>> place.exists()
    False
    """

    def __init__(self) -> None:
        clear()
        self._owner = os.getpid()
        self.place = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Locked before it has its name: nobody ever sees one that is not.
        self._lock, path = tempfile.mkstemp(dir=self.place)
        if fcntl is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        Path(path).rename(self.place / _OWNED)

    def close(self) -> None:
        """Remove the folder and what is in it, unless this is a copy in a forked process."""
        if self._lock >= 0 and self._owner == os.getpid():
            shutil.rmtree(self.place, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Path:
        return self.place

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def clear() -> None:
    """Remove what killed processes of this user have left behind."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), _abandoned(place) as abandoned:
            if abandoned:
                shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _abandoned(place: Path) -> Iterator[bool]:
    """Hold a folder's lock meanwhile, if it is one of ours and its owner is gone."""
    about = os.lstat(place)
    if fcntl is None or not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        yield False
        return
    lock = os.open(place / _OWNED, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    finally:
        os.close(lock)
