"""How `nbgrader zip_collect` unpacks what a learning platform gives, expecting anything.

Both classes are nbgrader's own plugins, to be named in nbgrader_config.py. A file that is no plain
file, or that would land outside of its folder, is left out and said; the others are collected.
"""

import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from nbgrader.plugins import (  # type: ignore[import-untyped]
    ExtractorPlugin,
    FileNameCollectorPlugin,
)
from traitlets import Integer

from autograder.settings import MIB

_BLOCK = 1 << 16
#: What opening or reading a broken archive can raise; the last two are an unknown compression and a
#: password.
_BROKEN: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, OSError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError),
)


@dataclass(frozen=True)
class Member:
    """One file in an archive."""

    name: str
    plain: bool
    size: int
    open: Callable[[], IO[bytes] | None]


class Extractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks archives, and archives in them, within limits; for ``c.ZipCollectApp``."""

    largest_file = Integer(32 * MIB, help="Bytes of one file; a larger one is left out.").tag(
        config=True
    )
    largest_whole = Integer(4096 * MIB, help="Bytes of everything together.").tag(config=True)
    most_files = Integer(50_000, help="How many files in all.").tag(config=True)
    deepest = Integer(2, help="How deep archives in archives are unpacked.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy everything in a folder; see nbgrader's own."""
        self.bytes_left, self.files_left = self.largest_whole, self.most_files
        source, target = Path(archive_path), Path(extracted_path)
        for place, folders, names in os.walk(source):
            folders.sort()
            for name in sorted(names):
                path = Path(place, name)
                about = os.lstat(path)
                inside = path.relative_to(source)
                member = Member(
                    inside.as_posix(), stat.S_ISREG(about.st_mode), about.st_size, _opener(path)
                )
                self._take(member, target, 0)

    def _take(self, member: Member, target: Path, depth: int) -> None:
        """Write one file below `target`, or unpack it there into a folder of its own."""
        name = _safe(member.name)
        if name is None or not member.plain:
            self.log.warning("%r is no plain file in its folder, and was left out", member.name)
            return
        path = target / name
        suffix = next((end for end in (".tar.gz", *self.zip_ext) if path.name.endswith(end)), "")
        written = self._write(member, path)
        if written and suffix and depth < self.deepest:
            folder = path.with_name(path.name.removesuffix(suffix) or "archive")
            try:
                with _opened(path) as archive:
                    for inner in _members(archive):
                        self._take(inner, folder, depth + 1)
            except _BROKEN as error:
                self.log.warning("%r could not be unpacked: %s", member.name, error)
            finally:
                path.unlink()

    def _write(self, member: Member, path: Path) -> bool:
        """Write a file, no larger than it may be; whether that was done."""
        self.files_left -= 1
        if self.files_left < 0 or member.size > min(self.largest_file, self.bytes_left):
            self.log.warning("%r is too large or one too many, and was left out", member.name)
            return False
        left = min(self.largest_file, self.bytes_left)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with member.open() or _nothing() as source, path.open("xb") as file:
                while block := source.read(_BLOCK):
                    left -= len(block)
                    if left < 0:  # it is larger than it says
                        raise ValueError("it is larger than it says")
                    self.bytes_left -= len(block)
                    file.write(block)
        except FileExistsError:
            self.log.warning("%r is there already; the first one stays", member.name)
            return False
        except _BROKEN as error:
            self.log.warning("%r was left out: %s", member.name, error)
            path.unlink(missing_ok=True)
            return False
        return True


class Collector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Tells whose a file is by its name, and takes no name that leads elsewhere."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Return what nbgrader's own collector says, or None for a file to be left out."""
        info: dict[str, Any] | None = super().collect(submitted_file)
        if not info:
            return None
        for key in ("student_id", "file_id"):
            if _safe(str(info.get(key, ""))) != str(info.get(key)) or "/" in str(info[key]):
                self.log.warning("%r gives no usable %s, and was left out", submitted_file, key)
                return None
        folder = os.path.dirname(submitted_file)
        above = self._match(f"{folder}.ipynb") or self._match(f"{os.path.basename(folder)}.ipynb")
        if above and above.get("student_id") not in (None, info["student_id"]):
            self.log.warning(
                "%r lies in the archive of %s, and was left out",
                submitted_file,
                above["student_id"],
            )
            return None
        return info


def _safe(name: str) -> str | None:
    """Return a name if it leads into its folder and to no hidden file, or None.

    Examples
    --------
    >>> _safe("ada/01.ipynb"), _safe("../01.ipynb"), _safe("C:/01.ipynb"), _safe(".bashrc")
    ('ada/01.ipynb', None, None, None)
    """
    parts = PurePosixPath(name).parts
    plain = all(
        part not in ("..", "/")
        and not part.startswith(".")
        and len(os.fsencode(part)) <= 200
        and not re.search(r"[\x00-\x1f\\:]", part)
        for part in parts
    )
    return name if parts and plain and "/".join(parts) == name and len(parts) <= 20 else None


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _nothing() -> IO[bytes]:
    raise ValueError("it cannot be read")


def _opened(path: Path) -> zipfile.ZipFile | tarfile.TarFile:
    return zipfile.ZipFile(path) if zipfile.is_zipfile(path) else tarfile.open(path)


def _members(archive: zipfile.ZipFile | tarfile.TarFile) -> Iterator[Member]:
    """Yield the files of an archive."""
    if isinstance(archive, zipfile.ZipFile):
        for info in archive.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if not info.is_dir():
                plain = kind in (0, stat.S_IFREG)
                yield Member(info.filename, plain, info.file_size, _zipped(archive, info))
        return
    for one in archive:
        if not one.isdir():
            yield Member(one.name, one.isreg(), one.size, _tarred(archive, one))


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _tarred(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes] | None]:
    return lambda: archive.extractfile(info)
