"""What classes hand in: a table of odd, damaged and tricky submissions, with status and mark.

Each kind is one student. Its notebook answers two exercises of assignment 01, worth 6 points.
"""

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ANSWERED = ("forward_difference", "central_difference")


@dataclass(frozen=True)
class Kind:
    """One student's submission.

    Attributes
    ----------
    student : str
    write : callable
        Gets the student's folder, the good notebook and its file name, and writes what was
        handed in.
    status : str
        "graded", "repaired" or "not graded".
    mark : float
    stock : str
        What nbgrader's own command makes of it: "same"; "error" where it gives up on the student
        before any of our code is asked, and says so; "overlooked" where it does not see it.
    """

    student: str
    write: Callable[[Path, bytes, str], object]
    status: str
    mark: float
    stock: str = "same"


# --- the file is changed byte by byte -------------------------------------------------------------


def _content(make: Callable[[bytes], bytes]) -> Callable[[Path, bytes, str], object]:
    return lambda folder, good, name: (folder / name).write_bytes(make(good))


def _zipped(good: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("01-differentiation.ipynb"), good)  # at no time of its own
    return packed.getvalue()


_CONFLICT = b"<<<<<<< mine\n%s\n=======\n%s\n>>>>>>> theirs\n"
_PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"
_WRITTEN = b"{\\rtf1\\ansi my homework}"

BYTES = (
    Kind("bom", _content(lambda good: b"\xef\xbb\xbf" + good), "repaired", 6),
    Kind("utf-16", _content(lambda good: good.decode().encode("utf-16")), "repaired", 6),
    Kind("utf-16-be", _content(lambda good: _utf_16_be(good)), "repaired", 6),
    Kind("latin-1", _content(lambda good: good.replace(b"Assign", b"Assi\xfc", 1)), "repaired", 6),
    Kind("windows-lines", _content(lambda good: good.replace(b"\\n", b"\\r\\n")), "graded", 6),
    Kind("truncated", _content(lambda good: good[: len(good) // 2]), "not graded", 0),
    Kind("one-byte-short", _content(lambda good: good.rstrip()[:-1]), "not graded", 0),
    Kind("twice-in-one-file", _content(lambda good: good + good), "not graded", 0),
    Kind("merge-conflict", _content(lambda good: _CONFLICT % (good, good)), "not graded", 0),
    Kind("empty", _content(lambda good: b""), "not graded", 0),
    Kind("blanks", _content(lambda good: b" \n" * 99), "not graded", 0),
    Kind("zeros", _content(lambda good: bytes(4096)), "not graded", 0),
    Kind("login-page", _content(lambda good: _PAGE), "not graded", 0),
    Kind("rich-text", _content(lambda good: _WRITTEN), "not graded", 0),
    Kind("a-picture", _content(lambda good: b"\x89PNG\r\n\x1a\n" + bytes(99)), "not graded", 0),
    Kind("zipped", _content(_zipped), "not graded", 0),
    Kind("gzipped", _content(lambda good: gzip.compress(good, mtime=0)), "not graded", 0),
    Kind("a-program", _content(lambda good: b"def f(x):\n    return x\n"), "not graded", 0),
    Kind("no-notebook", _content(lambda good: b'{"a": [1, 2]}'), "not graded", 0),
    Kind("a-list", _content(lambda good: b"[]"), "not graded", 0),
    Kind("a-number", _content(lambda good: b"NaN"), "not graded", 0),
    Kind("deep", _content(lambda good: b"[" * 100_000), "not graded", 0),
    Kind("huge", _content(lambda good: good + b" " * (33 << 20)), "not graded", 0),
)


def _utf_16_be(good: bytes) -> bytes:
    return b"\xfe\xff" + good.decode().encode("utf-16-be")


# --- the notebook is changed ----------------------------------------------------------------------


def _edit(change: Callable[[dict], object]) -> Callable[[Path, bytes, str], object]:
    def write(folder: Path, good: bytes, name: str) -> None:
        made = json.loads(good)
        change(made)
        (folder / name).write_text(json.dumps(made), encoding="utf-8")

    return write


def _id(cell: dict) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def without_marks(made):
    for cell in made["cells"]:
        cell["metadata"] = {}


def without_some_marks(made):
    for cell in made["cells"]:
        if _id(cell).startswith("test_"):
            cell["metadata"] = {}


def as_version_3(made):
    cells = made.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
    made.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells}])


def copied_twice(made):
    (answer,) = (cell for cell in made["cells"] if _id(cell) == "best_step")
    source = "def best_step(f, df, x, s):\n    return 0"
    made["cells"].append({**answer, "id": "copy", "source": source})


def copied_check(made):
    (check,) = (cell for cell in made["cells"] if _id(cell) == "test_central_difference")
    made["cells"].append({**check, "id": "copy", "source": "6"})


def turned_into_markdown(made):
    for cell in made["cells"]:
        if _id(cell) in ANSWERED:
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]


def reversed_order(made):
    made["cells"].reverse()


def schema_1(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"] = {"grade_id": _id(cell), "schema_version": 1}


def schema_4(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"]["schema_version"] = 4


def points_for_everybody(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"]["points"] = 1000


def checks_without_points(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"] |= {"grade": False, "locked": False, "solution": True}


def without_tests(made):
    made["cells"] = [c for c in made["cells"] if not c["metadata"]["nbgrader"]["grade"]]


def edited_tests(made):
    for cell in made["cells"]:
        if _id(cell).startswith("test_"):
            cell["source"] = "assert True"


def names_exchanged(made):
    """The two answers under each other's names: each defines the other's function."""
    exchange = dict(zip(ANSWERED, reversed(ANSWERED), strict=True))
    for cell in made["cells"]:
        about = cell["metadata"]["nbgrader"]
        about["grade_id"] = exchange.get(about["grade_id"], about["grade_id"])


def no_kernel_and_version_5(made):
    made["metadata"] = {}
    made["nbformat"] = 5


def another_language(made):
    made["metadata"]["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}


def wrong_kinds_everywhere(made):
    made["metadata"] = [1]
    made["nbformat"] = "four"
    made["cells"] += [5, None, {}, {"cell_type": 7, "source": {"a": 1}, "metadata": "none"}]
    made["cells"].append({"cell_type": "code", "source": ["a = 1", 5, None], "outputs": "none"})


def sources_in_one_piece(made):
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"])


def all_in_one_cell(made):
    code = ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]
    whole = "\n\n".join(code)
    made["cells"] = [{"cell_type": "code", "metadata": {}, "source": whole, "outputs": []}]


def thousands_of_cells(made):
    own = {"cell_type": "markdown", "metadata": {}, "source": "a note"}
    made["cells"] += [{**own, "id": f"note-{n}"} for n in range(5000)]


def outputs_that_claim_marks(made):
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/plain": "1000"}
            cell["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}}]


def half_of_a_character(made):
    made["cells"].append(
        {"cell_type": "code", "metadata": {}, "source": "print('\ud800\x00')", "outputs": []}
    )


def long_names(made):
    made["cells"].append(
        {"cell_type": "code", "id": "x" * 9999, "source": "1", "outputs": []}
        | {"metadata": {"nbgrader": {"grade_id": "y" * 9999, "solution": True}}}
    )


def no_cells(made):
    made["cells"] = []


def another_notebook(made):
    cell = {"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": []}
    made["cells"] = [cell]


def split_in_the_middle(made):
    """As Jupyter does it, which copies the cell's metadata."""
    (place,) = (k for k, cell in enumerate(made["cells"]) if _id(cell) == ANSWERED[1])
    cell = made["cells"][place]
    lines = "".join(cell["source"]).splitlines(keepends=True)
    pieces = [{**cell, "source": lines[:1]}, {**cell, "id": "piece", "source": lines[1:]}]
    made["cells"][place : place + 1] = pieces


def import_in_a_locked_cell(made):
    for cell in made["cells"]:
        if _id(cell) == "imports":
            cell["source"] = ["import math\n", *cell["source"]]
        if _id(cell) == ANSWERED[1]:
            lines = "".join(cell["source"])
            cell["source"] = lines.replace("(2 * h)", "(math.sqrt(4) * h)")


def answer_beside_the_question(made):
    (place,) = (k for k, cell in enumerate(made["cells"]) if _id(cell) == "why_the_curve_turns")
    text = "Because of rounding, which wins when h is small."
    made["cells"].insert(place + 1, {"cell_type": "markdown", "metadata": {}, "source": text})


def answer_in_the_question(made):
    for cell in made["cells"]:
        if _id(cell) == "about_why_the_curve_turns":
            cell["source"] = "".join(cell["source"]) + "\n\nBecause of rounding."


EDITED = (
    Kind("stripped", _edit(without_marks), "repaired", 6),
    Kind("half-stripped", _edit(without_some_marks), "repaired", 6),
    Kind("version-3", _edit(as_version_3), "graded", 6),
    Kind("copied-cell", _edit(copied_twice), "repaired", 6),
    Kind("copied-check", _edit(copied_check), "repaired", 6),
    Kind("markdown-and-back", _edit(turned_into_markdown), "repaired", 6),
    Kind("reordered", _edit(reversed_order), "graded", 6),
    Kind("schema-1", _edit(schema_1), "graded", 6),
    Kind("schema-4", _edit(schema_4), "graded", 6),
    Kind("own-points", _edit(points_for_everybody), "graded", 6),
    Kind("no-points", _edit(checks_without_points), "graded", 6),
    Kind("deleted-tests", _edit(without_tests), "repaired", 6),
    Kind("edited-tests", _edit(edited_tests), "repaired", 6),
    Kind("exchanged", _edit(names_exchanged), "graded", 3),
    Kind("version-5", _edit(no_kernel_and_version_5), "graded", 6),
    Kind("another-language", _edit(another_language), "graded", 6),
    Kind("wrong-kinds", _edit(wrong_kinds_everywhere), "graded", 6),
    Kind("in-one-piece", _edit(sources_in_one_piece), "graded", 6),
    Kind("one-cell", _edit(all_in_one_cell), "repaired", 6),
    Kind("many-cells", _edit(thousands_of_cells), "graded", 6),
    Kind("claimed-marks", _edit(outputs_that_claim_marks), "graded", 6),
    Kind("half-a-character", _edit(half_of_a_character), "graded", 6),
    Kind("long-names", _edit(long_names), "graded", 6),
    Kind("no-cells", _edit(no_cells), "not graded", 0),
    Kind("split-cell", _edit(split_in_the_middle), "repaired", 6),
    Kind("added-import", _edit(import_in_a_locked_cell), "repaired", 6),
    Kind("beside-the-question", _edit(answer_beside_the_question), "graded", 6),
    Kind("in-the-question", _edit(answer_in_the_question), "repaired", 6),
    Kind("another-notebook", _edit(another_notebook), "repaired", 0),
)


# --- the folder is odd ----------------------------------------------------------------------------


def _beside(*names: str, content: bytes = b"x") -> Callable[[Path, bytes, str], object]:
    def write(folder: Path, good: bytes, name: str) -> None:
        (folder / name).write_bytes(good)
        for other in names:
            (folder / other).parent.mkdir(parents=True, exist_ok=True)
            (folder / other).write_bytes(content)

    return write


def _called(*names: str) -> Callable[[Path, bytes, str], object]:
    def write(folder: Path, good: bytes, _: str) -> None:
        for name in names:
            (folder / name).write_bytes(good)

    return write


def _copied(folder: Path, good: bytes, name: str) -> None:
    """The work stands in Jupyter's copy, and the notebook itself is as it was released."""
    released = folder.parents[2] / "release" / folder.name / name
    (folder / name).write_bytes(released.read_bytes() if released.exists() else b"none")
    (folder / name.replace(".ipynb", "-Copy1.ipynb")).write_bytes(good)


def _ruined(folder: Path, good: bytes, name: str) -> None:
    (folder / name).write_bytes(good[: len(good) // 2])
    (folder / "a copy.ipynb").write_bytes(good)


def _two_others(folder: Path, good: bytes, name: str) -> None:
    (folder / "a.ipynb").write_bytes(good)
    (folder / "b.ipynb").write_bytes(good.replace(b"2 * h", b"h * 2"))


def _linked(folder: Path, good: bytes, name: str) -> None:
    outside = folder.parents[2] / "somebody-elses.ipynb"
    outside.write_bytes(good)
    (folder / name).symlink_to(outside)


def _linked_file(folder: Path, good: bytes, name: str) -> None:
    (folder / name).write_bytes(good)
    outside = folder.parents[2] / "secret.txt"
    outside.write_text("nobody's business")
    (folder / "stolen.txt").symlink_to(outside)


def _linked_folder(folder: Path, good: bytes, name: str) -> None:
    outside = folder.parents[2] / "somebody-elses"
    outside.mkdir()
    (outside / name).write_bytes(good)
    folder.rmdir()
    folder.symlink_to(outside)


def _dangling(folder: Path, _: bytes, name: str) -> None:
    (folder / name).symlink_to(folder / "nothing")


def _folder_as_notebook(folder: Path, _: bytes, name: str) -> None:
    (folder / name).mkdir()


def _folder_with_a_file(folder: Path, _: bytes, name: str) -> None:
    (folder / name).mkdir()
    (folder / name / "x").write_bytes(b"x")


def _pipe(folder: Path, _: bytes, name: str) -> None:
    os.mkfifo(folder / name)


def _odd_time(folder: Path, good: bytes, name: str) -> None:
    (folder / name).write_bytes(good)
    (folder / "timestamp.txt").write_text("last Tuesday, honest")


FOLDERS = (
    Kind("renamed", _called("my homework (2).ipynb"), "repaired", 6, stock="error"),
    Kind("capitals", _called("01-Differentiation.IPYNB"), "repaired", 6, stock="overlooked"),
    Kind("two-files", _called("a.ipynb", "b.ipynb"), "repaired", 6, stock="error"),
    Kind("two-others", _two_others, "not graded", 0, stock="error"),
    Kind("copied-notebook", _copied, "repaired", 6),
    Kind("copy-of-a-ruin", _ruined, "repaired", 6),
    Kind("no-file", lambda folder, good, name: None, "not graded", 0, stock="overlooked"),
    Kind("linked", _linked, "not graded", 0),
    Kind("linked-folder", _linked_folder, "not graded", 0),
    Kind("dangling", _dangling, "not graded", 0),
    Kind("a-folder", _folder_as_notebook, "not graded", 0),
    Kind("a-folder-with-a-file", _folder_with_a_file, "not graded", 0),
    Kind("a-pipe", _pipe, "not graded", 0),
    Kind("odd-time", _odd_time, "graded", 6, stock="error"),
    Kind("linked-file", _linked_file, "repaired", 6),
    Kind("own-numpy", _beside("numpy.py", "nnlib/__init__.py", "json.py"), "graded", 6),
    Kind("many-files", _beside(*(f"data/{n}.txt" for n in range(300))), "repaired", 6),
    Kind("checkpoints", _beside(".ipynb_checkpoints/old.ipynb", ".DS_Store"), "graded", 6),
)
#: Names of students, as learning platforms make them.
NAMES = ("o'brien", 'quo"ted', "com,ma", "dash-", "[brackets]", "with space", "żółć", "-rf")
NAMED = tuple(
    # nbgrader takes brackets in a folder's name for a pattern.
    Kind(name, _beside(), "graded", 6, stock="overlooked" if "[" in name else "same")
    for name in NAMES
)

KINDS = (*BYTES, *EDITED, *FOLDERS, *NAMED)
