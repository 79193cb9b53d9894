"""Which packages students may import: what the handout installs, whatever else this machine has."""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

#: What a student's machine needs beside nnlib, in the versions of requirements.lock: jupytext and
#: jupyterlab-myst show the chapters as notebooks, nbgrader brings the Validate button.
STUDENTS = (
    "ipykernel",
    "jupyterlab",
    "jupyterlab-myst",
    "jupytext",
    "matplotlib",
    "nbgrader",
    "numpy",
)


def named_in(requirements: Path) -> tuple[str, ...]:
    """Return the packages that a handout's requirements name; if there is no such file, the usual.

    Examples
    --------
    >>> named_in(Path("no/such/file")) == STUDENTS
    True
    """
    try:
        lines = requirements.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return STUDENTS
    return tuple(sorted({one.name for one in map(_requirement, lines) if one is not None}))


def _requirement(line: str) -> Requirement | None:
    try:
        return Requirement(line.partition(" #")[0].partition(" --")[0].strip(" \\"))
    except InvalidRequirement:  # a comment, an option, a wheel of ours
        return None


@cache
def installed(names: tuple[str, ...]) -> frozenset[Path]:
    """Return what these packages, and all that they need, have put into site-packages here.

    Parameters
    ----------
    names : tuple of str

    Examples
    --------
    >>> found = {path.name for path in installed(("matplotlib",))}
    >>> {"matplotlib", "numpy"} <= found, "scipy" in found
    (True, False)
    """
    found: dict[str, metadata.Distribution] = {}
    todo = [Requirement(name) for name in names]
    while todo:
        wanted = todo.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        key = f"{name}[{','.join(sorted(wanted.extras))}]"
        if key in found:
            continue
        try:
            found[key] = metadata.distribution(wanted.name)
        except metadata.PackageNotFoundError:
            continue
        extras = ("", *wanted.extras)
        for line in found[key].requires or ():
            needed = Requirement(line)
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(needed)
    return frozenset(path for one in found.values() for path in _places(one))


def _places(package: metadata.Distribution) -> Iterator[Path]:
    """Yield the folders and files of a package that lie directly in site-packages."""
    tops = {file.parts[0] for file in package.files or ()}
    if package.files is None:  # some systems' own packages have no list of their files
        listed = (package.read_text("top_level.txt") or package.metadata["Name"]).split()
        tops = {one for name in listed for one in (name, f"{name}.py")}
    for top in tops - {"..", "__pycache__"}:
        path = Path(str(package.locate_file(top)))
        if path.exists():
            yield path


def folders(roots: Iterable[str]) -> list[Path]:
    """Return the folders of packages, this Python's and others', below some roots.

    Examples
    --------
    >>> import sysconfig
    >>> Path(sysconfig.get_path("purelib")) in folders([sys.prefix])
    True
    """
    versions = ("lib/python3*", "lib64/python3*", "lib/python3", "local/lib/python3*")
    found = {
        path
        for root in roots
        for version in versions
        for kind in ("site-packages", "dist-packages")
        for path in Path(root).glob(f"{version}/{kind}")
        if path.resolve() == path
    }
    return sorted(found)


def kept_away(allowed: Iterable[Path]) -> list[str]:
    """Return the names of the modules that this Python has, and students may not import."""
    kept = {_module(path) for path in allowed}
    tops = (path for place in folders([sys.prefix, sys.base_prefix]) for path in place.iterdir())
    names = {_module(path) for path in tops}
    return sorted(name for name in names - kept if name.isidentifier())


def _module(path: Path) -> str:
    return path.name.split(".")[0]
