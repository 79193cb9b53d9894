"""How `nbgrader zip_collect` unpacks what a learning platform gives, expecting anything.

Both classes are nbgrader's own plugins, to be named in nbgrader_config.py. A file that is no plain
file, or that would land outside of its folder, is left out and said; the others are collected.
"""

import bz2
import gzip
import lzma
import os
import re
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from nbgrader.plugins import (  # type: ignore[import-untyped]
    ExtractorPlugin,
    FileNameCollectorPlugin,
)
from traitlets import Integer, List, Unicode

from autograder.gradebook import MACHINES
from autograder.settings import MIB

_BLOCK = 1 << 16


@dataclass(frozen=True)
class Member:
    """One file in an archive."""

    name: str
    plain: bool
    size: int
    open: Callable[[], IO[bytes] | None]


@dataclass
class Budget:
    """How many bytes and files an archive may still bring, with all archives in it."""

    bytes: int
    files: int
    whole: "Budget | None" = None

    @property
    def left(self) -> int:
        """Bytes that may still come, or less than none if there are files enough."""
        left = self.bytes if self.files > 0 else -1
        return left if self.whole is None else min(left, self.whole.left)

    def spend(self, size: int, files: int = 0) -> None:
        """Note what has come."""
        self.bytes -= size
        self.files -= files
        if self.whole is not None:
            self.whole.spend(size, files)


class Extractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks archives, and archives in them, within limits; for ``c.ZipCollectApp``.

    What lies in the folder itself, the archive of a platform or those of students, shares the whole
    evenly; each archive in such an archive, which is a student's, has a budget of its own besides.
    So no archive takes another's room.
    """

    largest_file = Integer(32 * MIB, help="Bytes of one file; a larger one is left out.").tag(
        config=True
    )
    largest_whole = Integer(4096 * MIB, help="Bytes of everything together.").tag(config=True)
    most_files = Integer(50_000, help="How many files in all.").tag(config=True)
    largest_archive = Integer(128 * MIB, help="Bytes of an archive within an archive.").tag(
        config=True
    )
    most_files_in_archive = Integer(500, help="How many files in such an archive.").tag(config=True)
    deepest = Integer(2, help="How deep archives in archives are unpacked.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy everything in a folder; see nbgrader's own."""
        source, target = Path(archive_path), Path(extracted_path)
        number = max(1, sum(len(names) for _, _, names in os.walk(source)))
        for place, folders, names in os.walk(source):
            folders.sort()
            for name in sorted(names):
                path = Path(place, name)
                about = os.lstat(path)
                inside = path.relative_to(source)
                member = Member(
                    inside.as_posix(), stat.S_ISREG(about.st_mode), about.st_size, _opener(path)
                )
                share = Budget(
                    max(
                        self.largest_whole // number, min(self.largest_whole, self.largest_archive)
                    ),
                    max(
                        self.most_files // number, min(self.most_files, self.most_files_in_archive)
                    ),
                )
                self._take(member, target, 0, share)

    def _take(self, member: Member, target: Path, depth: int, budget: Budget) -> None:
        """Write one file below `target`, or unpack it there into a folder of its own."""
        name = _safe(member.name)
        if name is None or not member.plain:
            self.log.warning("%r is no plain file in its folder, and was left out", member.name)
            return
        path = target / name
        suffix = next((end for end in (".tar.gz", *self.zip_ext) if path.name.endswith(end)), "")
        if not self._write(member, path, budget) or not suffix or depth >= self.deepest:
            return
        folder = path.with_name(path.name.removesuffix(suffix) or "archive")
        if depth == 1:  # what is in a platform's archive is a student's; what is in that, as well
            budget = Budget(self.largest_archive, self.most_files_in_archive, budget)
        try:
            with _opened(path, budget.left) as archive:
                for inner in _members(archive):
                    if budget.left < 0:
                        self.log.warning(
                            "%r has too many files; the rest was left out", member.name
                        )
                        break
                    self._take(inner, folder, depth + 1, budget)
        except Exception as error:  # nobody has listed what a broken archive raises
            _raise_if_the_machines(error)
            self.log.warning("%r could not be unpacked: %s", member.name, error)
        finally:
            path.unlink()

    def _write(self, member: Member, path: Path, budget: Budget) -> bool:
        """Write a file, no larger than it may be; whether that was done."""
        left = min(self.largest_file, budget.left)
        budget.spend(0, 1)
        if member.size > left:
            self.log.warning("%r is too large or one too many, and was left out", member.name)
            return False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with member.open() or _nothing() as source, path.open("xb") as file:
                while block := source.read(_BLOCK):
                    left -= len(block)
                    if left < 0:  # it is larger than it says
                        raise ValueError("it is larger than it says")
                    budget.spend(len(block))
                    file.write(block)
        except FileExistsError:
            self.log.warning("%r is there already; the first one stays", member.name)
            return False
        except Exception as error:
            _raise_if_the_machines(error)
            self.log.warning("%r was left out: %s", member.name, error)
            path.unlink(missing_ok=True)
            return False
        return True


def _raise_if_the_machines(error: Exception) -> None:
    if isinstance(error, OSError) and error.errno in MACHINES:
        raise error


#: How platforms name what students hand in, tried in this order on the path below "extracted". What
#: stands first in a path is the platform's, and what comes after it may be the student's own.
PATTERNS = (
    # Moodle, with a folder for each student or without; the number is another in each assignment:
    # "Ada Lovelace_1234567_assignsubmission_file_/01-gradients.ipynb"
    r"(?:[^/]+/)*?(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_file"
    r"(?:_?/(?:.*/)?|_)(?P<file_id>[^/]+)",
    # Canvas; the first number is the student's own, and there may be an archive in between:
    # "lovelaceada_LATE_12345_678901_01-gradients-1.ipynb"
    r"(?:[^/]+/)*?(?P<name>[^/]+?)(?:_LATE)?_(?P<id>\d+)_\d+_"
    r"(?:[^/]*/(?:.*/)?)?(?P<file_id>[^/]+)",
)
#: What a platform, a browser or JupyterLab puts behind a name that is there already.
_AGAIN = r"(?P<again>(?:-\d+| ?\(\d+\)|-Copy\d*)+)"


@dataclass(frozen=True)
class Destination:
    """Whose a file is, and what it is called; `again` is what was put behind its name.

    `depth` is that of the folder whose name has told it, if a platform has given that.
    """

    student: str
    name: str
    again: str = ""
    number: str = ""
    depth: int = field(default=-1, repr=False)


class Collector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Tells whose a file is by its name, and takes no name that leads elsewhere.

    `named_regexp` alone counts where it is set, on the whole path, as nbgrader has it. Otherwise
    `patterns` are tried, and then "STUDENT/NOTEBOOK.ipynb" and "STUDENT_NOTEBOOK.ipynb".
    """

    patterns = List(
        Unicode(),
        list(PATTERNS),
        help="Regular expressions for the path below the extracted directory, with the groups "
        "name and file_id; id, if it is one that a student keeps; number, if it changes.",
    ).tag(config=True)
    _plan: dict[str, dict[str, str]] | None = None

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Return whose a file is and its name, or None for a file to be left out."""
        if self.named_regexp:
            return self._by_expression(submitted_file)
        if self._plan is None:
            self._plan = self.plan(self._files())
        return self._plan.get(submitted_file)

    def _files(self) -> dict[str, str]:
        """Return every file's path as nbgrader has it, and the one below its folder."""
        root = self._root()
        paths = [os.path.join(place, name) for place, _, names in os.walk(root) for name in names]
        return {path: Path(path).relative_to(root).as_posix() for path in sorted(paths)}

    def _root(self) -> str:
        return str(self.parent._format_collect_path(self.parent.extracted_directory))

    def _notebooks(self) -> list[str]:
        """Return the names of the notebooks that students were given, the longest first."""
        where = self.parent.coursedir
        folder = where.format_path(where.release_directory, ".", where.assignment_id)
        found = {path.stem for path in Path(folder).glob("*.ipynb")}
        return sorted({*found, where.assignment_id}, key=len, reverse=True)

    def plan(
        self, files: Mapping[str, str], notebooks: Sequence[str] | None = None
    ) -> dict[str, dict[str, str]]:
        """Return what to collect, for all files together; what is left out is said.

        Parameters
        ----------
        files : mapping of str to str
            Each file's path, and its path below the extracted directory.
        notebooks : sequence of str, optional
            The names of the assignment's notebooks, if they are not to be looked up.

        Examples
        --------
        >>> path = "Ada Lovelace_1234567_assignsubmission_file_/01-gradients.ipynb"
        >>> Collector().plan({"x": path}, ["01-gradients"])
        {'x': {'student_id': 'Ada Lovelace', 'file_id': '01-gradients.ipynb'}}
        """
        names = self._notebooks() if notebooks is None else notebooks
        known = {path: inside for path, inside in files.items() if inside.endswith(".ipynb")}
        plain = _without_common_folders(known, names)
        found: dict[str, Destination] = {}
        for path, inside in known.items():
            one = self._by_pattern(inside, names) or _by_plain_name(plain[path], names)
            if one is None:
                self.log.warning(
                    "%r was left out: its name does not say whose it is; put it at STUDENT/%s",
                    inside,
                    PurePosixPath(inside).name,
                )
            elif any(_safe(part) != part or "/" in part for part in (one.student, one.name)):
                self.log.warning("%r gives no usable name, and was left out", inside)
            else:
                found[path] = one
        return self._named(self._told_apart(self._without_doubtful(found, known, plain)))

    def _by_pattern(self, inside: str, names: Sequence[str]) -> Destination | None:
        """Return whose a file is by the outermost folder or archive whose name says it.

        What is inside that is the student's own, whatever it is called.
        """
        parts = inside.split("/")
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            # An archive is called as the file would be that was handed in without one.
            shapes = (f"{above}/x.ipynb", f"{above}.ipynb") if depth < len(parts) else (inside,)
            for shape in shapes:
                if told := self._told(shape):
                    student = "_".join(filter(None, (told["name"], told.get("id"))))
                    student = unicodedata.normalize("NFC", student)
                    file = parts[-1] if depth < len(parts) else told["file_id"] or ""
                    name, again = _known_name(file, names)
                    return Destination(student, name, again, told.get("number") or "", depth - 1)
        return None

    def _told(self, path: str) -> dict[str, str | None] | None:
        matches = (re.fullmatch(pattern, path) for pattern in self.patterns)
        return next((match.groupdict() for match in matches if match), None)

    def _without_doubtful(
        self, found: Mapping[str, Destination], files: Mapping[str, str], plain: Mapping[str, str]
    ) -> dict[str, Destination]:
        """Leave out what lies under a platform's name in a folder that may be a student's.

        Where other folders beside it are students', nothing says that this one is a platform's.
        """
        some = any(one.depth < 0 for one in found.values())
        kept = {}
        for path, one in found.items():
            common = files[path].count("/") - plain[path].count("/")
            if some and one.depth > common:
                self.log.warning(
                    "%r was left out: %r may be a student's own; collect a platform's archive and "
                    "students' folders one after the other",
                    files[path],
                    plain[path].split("/")[0],
                )
            else:
                kept[path] = one
        return kept

    def _told_apart(self, found: Mapping[str, Destination]) -> dict[str, Destination]:
        """Put the number behind the name where two students have the same."""
        numbers: dict[str, set[str]] = {}
        for one in found.values():
            numbers.setdefault(one.student, set()).add(one.number)
        for student, those in numbers.items():
            if len(those) > 1:
                self.log.warning(
                    "%d students are called %r: their numbers tell them apart", len(those), student
                )
        return {
            path: replace(one, student=f"{one.student}_{one.number}")
            if len(numbers[one.student]) > 1 and one.number
            else one
            for path, one in found.items()
        }

    def _named(self, found: Mapping[str, Destination]) -> dict[str, dict[str, str]]:
        """Let one file of each student have the notebook's name; others lie beside it."""
        plan: dict[str, dict[str, str]] = {}
        taken: set[tuple[str, str]] = set()
        # Of those handed in again the last counts; a copy made in JupyterLab is not what counts.
        for path, one in sorted(found.items(), key=lambda item: _rank(item[1].again)):
            name, count = one.name, 1
            while (one.student, name) in taken:
                count += 1
                name = f"{one.name}-{count}"
            if name != one.name:
                self.log.warning(
                    "%s has several %s: %r became %s", one.student, one.name, path, name
                )
            taken.add((one.student, name))
            plan[path] = {"student_id": one.student, "file_id": f"{name}.ipynb"}
        return plan

    def _by_expression(self, submitted_file: str) -> dict[str, Any] | None:
        """Return what nbgrader's own collector says, or None for a file to be left out."""
        info: dict[str, Any] | None = super().collect(submitted_file)
        if not info:
            return None
        for key in ("student_id", "file_id"):
            if _safe(str(info.get(key, ""))) != str(info.get(key)) or "/" in str(info[key]):
                self.log.warning("%r gives no usable %s, and was left out", submitted_file, key)
                return None
        for folder in self._folders_above(submitted_file):
            above = self._match(f"{folder}.ipynb") or self._match(f"{folder.name}.ipynb")
            if above and above.get("student_id") not in (None, info["student_id"]):
                self.log.warning(
                    "%r lies in the archive of %s, and was left out",
                    submitted_file,
                    above["student_id"],
                )
                return None
        return info

    def _folders_above(self, path: str) -> list[Path]:
        """Return the folders that a file lies in, below the one of all that was extracted."""
        root = Path(self._root() if self.parent else ".")
        return [one for one in Path(path).parents if root in one.parents]


def _rank(again: str) -> tuple[bool, int]:
    """Return a key that sorts what counts first: the highest number, and copies after all others.

    Examples
    --------
    >>> sorted(["", "-Copy1", "-2", "-10"], key=_rank)
    ['-10', '-2', '', '-Copy1']
    """
    digits = re.findall(r"\d+", again)
    return "Copy" in again, -int(digits[-1]) if digits else 0


def _known_name(file: str, names: Sequence[str]) -> tuple[str, str]:
    """Return a notebook's own name, and what was put behind it.

    Examples
    --------
    >>> _known_name("01-gradients-1.ipynb", ["01-gradients"])
    ('01-gradients', '-1')
    >>> _known_name("homework.ipynb", ["01-gradients"])
    ('homework', '')
    """
    stem = unicodedata.normalize("NFC", file).removesuffix(".ipynb")
    for name in names:
        if stem == name:
            return name, ""
        if match := re.fullmatch(re.escape(name) + _AGAIN, stem):
            return name, match["again"]
    return stem, ""


def _by_plain_name(inside: str, names: Sequence[str]) -> Destination | None:
    """Return whose "STUDENT/NOTEBOOK.ipynb" or "STUDENT_NOTEBOOK.ipynb" is.

    A file that lies in one student's folder and bears the name of another is nobody's.

    Examples
    --------
    >>> _by_plain_name("ada/01-gradients.ipynb", ["01-gradients"])
    Destination(student='ada', name='01-gradients', again='', number='')
    >>> _by_plain_name("ada_l_01-gradients.ipynb", ["01-gradients"]).student
    'ada_l'
    """
    *folders, file = unicodedata.normalize("NFC", inside).split("/")
    for name in names:
        match = re.fullmatch(rf"(.+)_{re.escape(name)}{_AGAIN}?\.ipynb", file)
        if match and (not folders or match[1] == folders[0]):
            return Destination(match[1], name, match["again"] or "")
        if match:
            return None
    return Destination(folders[0], *_known_name(file, names)) if folders else None


def _without_common_folders(files: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Take away the folder that all files lie in, if it is the archive's and no student's.

    Examples
    --------
    >>> files = {"x": "class/ada/01-gradients.ipynb", "y": "class/bob/01-gradients.ipynb"}
    >>> _without_common_folders(files, ["01-gradients"])
    {'x': 'ada/01-gradients.ipynb', 'y': 'bob/01-gradients.ipynb'}
    >>> _without_common_folders({"x": "ada/01-gradients.ipynb"}, ["01-gradients"])
    {'x': 'ada/01-gradients.ipynb'}
    """
    inside = dict(files)
    while inside and all("/" in path for path in inside.values()):
        tops, rests = zip(*(path.split("/", 1) for path in inside.values()), strict=True)
        own = any("/" not in rest and _known_name(rest, names)[0] in names for rest in rests)
        if len({*tops}) > 1 or own or not any(_by_plain_name(rest, names) for rest in rests):
            break
        inside = dict(zip(inside, rests, strict=True))
    return inside


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


#: How a compressed tar archive begins, and what reads it.
_COMPRESSED: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}


@contextmanager
def _opened(path: Path, limit: int) -> Iterator[zipfile.ZipFile | tarfile.TarFile]:
    """Open an archive, of which no more than some bytes are ever unpacked to look for its files."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield archive
        return
    with path.open("rb") as file, tempfile.TemporaryFile() as plain:
        start = file.read(8)
        opener = next((one for mark, one in _COMPRESSED.items() if start.startswith(mark)), None)
        if opener is not None:
            with opener(path) as source:
                while limit > 0 and (block := source.read(min(_BLOCK, limit))):
                    limit -= plain.write(block)
        place = file if opener is None else plain
        place.seek(0)
        with tarfile.open(fileobj=place, mode="r:") as tar:
            yield tar


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
