"""`make lab`: JupyterLab in my/, where a learner works, with chapters that open as notebooks.

What is released is copied there where nothing is. What a learner has typed in stays: a version that
has changed is laid beside it, and with an assignment a third, with the learner's answers moved in.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.reading import Unreadable, cells_of
from autograder.rebuild import rebuild
from tools import keep, labconfig
from tools.course import CourseError
from tools.release import ROOT, content_of, students_files


def environment(folder: Path) -> dict[str, str]:
    """Return the environment for JupyterLab, having written its settings below `folder`.

    Parameters
    ----------
    folder : Path
        Somewhere that git does not track.
    """
    labconfig.write(folder)
    paths = [str(folder), *os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)]
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {
        **os.environ,
        "PATH": programs,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths)),
    }


def command(folder: Path, *options: str) -> list[str]:
    """Return the command that starts JupyterLab in a folder."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder.resolve()}",
        *options,
    ]


# --- a learner's own folder -----------------------------------------------------------------------


def fill(course: Path, my: Path, chapters: Path = ROOT / "chapters") -> Iterator[str]:
    """Copy what is released to a learner's folder where nothing is, and say what else there is.

    Parameters
    ----------
    course : Path
        Where `tools.release` has been at work.
    my : Path
        The learner's folder.
    chapters : Path
    """
    files = students_files(course, chapters)
    changed = {}
    for name in [name for name in files if (my / name).is_file()]:
        mine, new = (
            keep.notebook_of(name, content) for content in ((my / name).read_bytes(), files[name])
        )
        if mine is not None and new is not None and name.endswith(".ipynb"):
            changed[name] = what_changed(mine, new)
            if not changed[name]:
                del files[name]
    my.mkdir(exist_ok=True)
    for kept in keep.lay(files, my):
        if kept.ours is None:
            continue
        name = kept.theirs.relative_to(my).as_posix()
        said = (
            f"{my.name}/{name} is yours and stays as it is. There is a new version, "
            f"{kept.ours.name}, beside it"
        )
        if name in changed:
            merged = _merged(kept.theirs, files[name])
            place = keep.put_aside(name, merged, my, "new-with-my-answers") if merged else None
            said += f" ({changed[name]})"
            said += f"; {place.name} is the same with your answers moved in" if place else ""
            said += f". Hand in the one that you go on with, as {kept.theirs.name}"
        yield f"{said}."


def what_changed(mine: NotebookNode, new: NotebookNode) -> str:
    """Return which cells of a release are other ones than those that a learner got, in words.

    nbgrader notes in each cell the checksum of what was released.
    """
    before, after = _checksums(mine), _checksums(new)
    parts = {
        "new": after.keys() - before.keys(),
        "changed": {name for name in after.keys() & before.keys() if after[name] != before[name]},
        "gone": before.keys() - after.keys(),
    }
    return "; ".join(
        f"{word}: {', '.join(sorted(those))}" for word, those in parts.items() if those
    )


def _checksums(notebook: NotebookNode) -> dict[str, str]:
    about = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return {one["grade_id"]: str(one.get("checksum")) for one in about if "grade_id" in one}


def moved(mine: NotebookNode, new: NotebookNode) -> NotebookNode:
    """Return the new release with a learner's answers in it, each at the question of its name.

    What the learner wrote in cells of their own, or for a question that is gone, comes along.
    """
    typed = [cell for cell in mine.cells if keep.typed_in(cell)]
    rebuilt, _ = rebuild(new.cells, cells_of({"cells": typed}))
    released = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in new.cells}
    cells = []
    for cell in rebuilt:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        # A question that was not answered is asked as it is now.
        cells.append(cell if cell["source"] or name not in released else released[name])
    return nbformat.from_dict({**new, "cells": cells})


def _merged(theirs: Path, content: bytes) -> bytes:
    """Return `moved` as a file has it, or nothing where there is nothing to move."""
    mine = keep.notebook_of(theirs.name, theirs.read_bytes())
    new = keep.notebook_of(theirs.name, content)
    if mine is None or new is None:
        return b""
    try:
        return content_of(moved(mine, new))
    except Unreadable:  # no cell was typed in
        return b""


def main() -> int:
    """Run as a command; its arguments are JupyterLab's."""
    my = ROOT / "my"
    try:
        for line in fill(ROOT / "course", my):
            print(line)
    except (CourseError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("You work in my/; nothing that you type there is ever overwritten.", flush=True)
    env = environment(ROOT / "_build" / "lab")
    arguments = command(my, *sys.argv[1:])
    if os.name == "nt":  # where exec gives the terminal back at once
        return subprocess.run(arguments, env=env, check=False).returncode
    os.execvpe(arguments[0], arguments, env)


if __name__ == "__main__":
    sys.exit(main())
