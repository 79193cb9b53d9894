"""Lays out a chapter with its assignment: ``python -m tools.new 11-scaling "Scaling of inputs"``.

The files are made from those in `tools/templates/`, which have the names to fill in in their paths,
too. Everything works as it stands, with one small example exercise. Nothing is overwritten; where
the book lists its chapters, a line is added.
"""

import argparse
import keyword
import re
import subprocess
import sys
from pathlib import Path

from tools.assignments import BrokenAssignment, well_named

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "tools" / "templates"

#: Where the book lists its chapters: the file, what the new entry comes after, and the entry. The
#: ORDINAL is its place in that list.
LISTS = (
    ("_toc.yml", r"^ +- file: chapters/\d\d-.*\n", "      - file: chapters/CHAPTER_NAME\n"),
    ("nnlib/__init__.py", r"^\d+\. `.*\n", "ORDINAL. `MODULE_NAME`: THE_TITLE.\n"),
    (
        "nnlib/plotting/__init__.py",
        r"^from nnlib\.plotting\..*\n",
        "from nnlib.plotting.MODULE_NAME import MODULE_NAME_picture as MODULE_NAME_picture\n",
    ),
    (
        "chapters/library.md",
        r"^## Chapter(?:.*\n)+?```\n\n",
        "## Chapter THE_NUMBER: THE_TITLE\n\n```{eval-rst}\n.. automodule:: nnlib.MODULE_NAME\n"
        "   :members:\n   :member-order: bysource\n```\n\n",
    ),
)
#: What to write, in this order.
NEXT = """\
It all works as it stands, with a small example in each file. Put your own in its place, in this
order; CONTRIBUTING.md, "Add a chapter with its assignment", says what to run after each step.

1. nnlib/MODULE_NAME.py and tests/nnlib/test_MODULE_NAME.py: what the chapter teaches.
2. nnlib/plotting/MODULE_NAME.py, with its lines in nnlib/plotting/__init__.py and an entry of
   PICTURES in tests/nnlib/test_plotting.py for each: its pictures.
3. chapters/CHAPTER_NAME.md: the chapter. In the book it has the number THE_NUMBER.
4. solutions/CHAPTER_NAME/CHAPTER_NAME.py: the assignment, with its solutions and rubrics.
5. nnchecks/MODULE_NAME.py and tests/nnchecks/test_MODULE_NAME.py: its checks.
6. solutions/CHAPTER_NAME/: alternatives.py, unseen.py, submissions.py; at the end equivalent.py.
7. By hand: chapters/teaching.md, glossary.md and notation.md, README.md, CHANGELOG.md."""


class Refused(ValueError):
    """Nothing was laid out; the message says why in one sentence."""


def words(root: Path, name: str, title: str) -> dict[str, str]:
    """Return what stands for each name of the templates.

    Parameters
    ----------
    root : Path
        The project's folder.
    name : str
        Of the chapter and its assignment, such as 11-scaling.
    title : str

    Raises
    ------
    BrokenAssignment, Refused
        If the name or the title is in another form.
    """
    well_named(name, f"'{name}'")
    slug = name.partition("-")[2]
    if keyword.iskeyword(slug):
        raise Refused(f"'{slug}' is a word of Python's own, so no module can be called so.")
    if not re.fullmatch(r"\w[\w ,.:'()–-]*", title):
        raise Refused(f"The title {title!r} must be one line of letters, digits and spaces.")
    contents = (root / "_toc.yml").read_text(encoding="utf-8")
    return {
        "CHAPTER_NAME": name,
        "SLUG_NAME": slug,
        "MODULE_NAME": slug.replace("-", "_"),
        "THE_TITLE": title.rstrip("."),
        "THE_NUMBER": str(1 + len(re.findall(LISTS[0][1], contents, re.M))),
    }


def filled(text: str, known: dict[str, str]) -> str:
    """Return a template with the names filled in.

    Examples
    --------
    >>> filled("chapters/CHAPTER_NAME.md", {"CHAPTER_NAME": "11-scaling"})
    'chapters/11-scaling.md'
    """
    for word, value in known.items():
        text = text.replace(word, value)
    return text


def laid_out(root: Path, known: dict[str, str]) -> dict[str, str]:
    """Return every file to write, new ones and lists with a new entry, by its path below `root`.

    Raises
    ------
    Refused
        If one of the new files is there already, or a list is not.
    """
    files = {
        filled(path.relative_to(TEMPLATES).as_posix(), known): filled(
            path.read_text(encoding="utf-8"), known
        )
        for path in sorted(TEMPLATES.rglob("*.*"))
        if "__pycache__" not in path.parts
    }
    number = known["CHAPTER_NAME"][:2]
    taken = [*root.glob(f"solutions/{number}-*"), *root.glob(f"chapters/{number}-*")]
    # Python would find a package before a module of the same name.
    mine = [root / name for name in files]
    taken += [path for one in mine for path in (one, one.with_suffix("")) if path.exists()]
    if taken:
        there = taken[0].relative_to(root).as_posix()
        raise Refused(f"{there} is there already, and stays as it is: choose another name.")
    for name, before, entry in LISTS:
        text = (root / name).read_text(encoding="utf-8")
        found = list(re.finditer(before, text, re.M))
        if not found:
            raise Refused(f"{name} lists no chapter any more; see LISTS in tools/new.py.")
        end = found[-1].end()
        new = filled(entry, {**known, "ORDINAL": str(len(found) + 1)})
        files[name] = text[:end] + new + text[end:]
    return files


def write(root: Path, files: dict[str, str]) -> None:
    """Write the files, those of Python in the order and form that the linter asks for."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    programs = [name for name in files if name.endswith(".py")]
    for order in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *order, *programs], cwd=root, check=True)


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="python -m tools.new", description=__doc__)
    parser.add_argument("name", help="of the chapter and its assignment, for example 11-scaling")
    parser.add_argument("title", help="of the chapter, in quotes")
    options = parser.parse_args()
    try:
        known = words(ROOT, options.name, options.title)
        files = laid_out(ROOT, known)
    except (BrokenAssignment, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    lists = {name for name, *_ in LISTS}
    write(ROOT, files)
    for name in files:
        print(f"{'a line in' if name in lists else 'laid out'} {name}")
    print(f"\n{filled(NEXT, known)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
