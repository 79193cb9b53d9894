"""What a student wrote is found where it stands, repairs are said, and nothing is guessed."""

import copy

import pytest

from autograder.cells import name_of
from autograder.grading import waiting
from autograder.reading import Found, Unreadable, cells_of
from autograder.rebuild import choose, rebuild
from tests.autograder.attacks import CENTRAL, FORWARD
from tests.autograder.conftest import RELEASED, cell

STUB = "YOUR ANSWER HERE"
PLOT = "# Draw it here."
NOTEBOOK = [
    *RELEASED,
    cell("**Draw** the errors.", "about_picture", kind="markdown"),
    cell(PLOT, "picture", grade=True, solution=True, points=2),
    cell("**Why** does it turn?\n\nSay it in a sentence.", "about_why", kind="markdown"),
    cell(STUB, "why", grade=True, solution=True, points=2, kind="markdown"),
    cell("**That is all.**", "end", kind="markdown"),
]
ANSWERS = {"forward_difference": FORWARD, "central_difference": CENTRAL}
TEXT = "Because rounding wins when h is small."


def handed_in(answers=ANSWERS, edit=None):
    """Return the cells of a notebook that a student has worked in."""
    cells = copy.deepcopy(NOTEBOOK)
    for one in cells:
        one["source"] = answers.get(name_of(one), one["source"])
    if edit is not None:
        edit(cells)
    return cells_of({"cells": cells})


def own(source, kind="code"):
    return {"cell_type": kind, "metadata": {}, "source": source}


def place(cells, name):
    return next(k for k, one in enumerate(cells) if name_of(one) == name)


def insert(name, *new, before=False):
    def edit(cells):
        where = place(cells, name) + (not before)
        cells[where:where] = new

    return edit


def split(name, *pieces, marked=True):
    """Cut a cell into pieces, as Jupyter does, which copies the metadata, or as others do."""

    def edit(cells):
        where = place(cells, name)
        one = cells[where]
        made = [{**copy.deepcopy(one), "source": piece} for piece in pieces]
        if not marked:
            made[1:] = [own(piece, one["cell_type"]) for piece in pieces[1:]]
        cells[where : where + 1] = made

    return edit


def change(name, source):
    return lambda cells: cells[place(cells, name)].update(source=source)


def without(*names):
    def edit(cells):
        cells[:] = [one for one in cells if name_of(one) not in names]

    return edit


def unmarked(name):
    return lambda cells: cells[place(cells, name)].update(metadata={}, id="another")


def rebuilt(edit=None, answers=ANSWERS):
    """Return the answers and own cells of the rebuilt notebook in order, and what was said."""
    cells, said = rebuild(NOTEBOOK, handed_in(answers, edit))
    kept = [one for one in cells if name_of(one)]
    assert [name_of(one) for one in kept] == [name_of(one) for one in NOTEBOOK]
    for one, released in zip(kept, NOTEBOOK, strict=True):
        assert one["metadata"] == released["metadata"]
        if not one["metadata"]["nbgrader"]["solution"]:
            assert one["source"] == released["source"], "a locked cell is the instructor's"
    return cells, said


def sources(cells):
    return {name_of(one): one["source"] for one in cells if name_of(one)}


def runs(cells):
    """Return the program that runs up to the first test of the second exercise."""
    code = [one["source"] for one in cells if one["cell_type"] == "code"]
    return [one for one in code if one and "check" not in one]


HEAD, BODY = "def central_difference(f, x, h=1e-5):", "    return (f(x + h) - f(x - h)) / (2 * h)"
LONG = f'{HEAD}\n    """Doc."""\n    width = 2 * h\n    return (f(x + h) - f(x - h)) / width'


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, BODY),
        (f'{HEAD}\n    """Doc."""\n    width = 2 * h', "    return (f(x + h) - f(x - h)) / width"),
        (f'{HEAD}\n    """Do', 'c."""\n    width = 2 * h', "    return 3 / width"),
        (f"{HEAD}\n    a = f(x +", " h)\n    return a"),
        (f"%matplotlib inline\n{HEAD}", BODY),
    ],
)
def test_a_cell_that_was_split_is_put_together(pieces, marked):
    cells, said = rebuilt(split("central_difference", *pieces, marked=marked))
    assert "".join(sources(cells)["central_difference"].split()) == "".join("".join(pieces).split())
    compile(sources(cells)["central_difference"].replace("%", "#"), "<cell>", "exec")
    assert said == [
        f"The cell central_difference was in {len(pieces)} pieces; they were put together."
    ]
    assert not [one for one in cells if not name_of(one)]


def test_a_helper_and_its_function_in_two_cells_are_one_answer():
    helper = "def width(h):\n    return 2 * h"
    cells, said = rebuilt(split("central_difference", helper, CENTRAL))
    assert sources(cells)["central_difference"] == f"{helper}\n{CENTRAL}"
    assert "2 pieces" in said[0]


@pytest.mark.parametrize(
    "first",
    [
        CENTRAL.replace("(2 * h)", "h"),
        f"def slope(a, b, run):\n    return (b - a) / run\n\n\n{HEAD}\n"
        "    left, right = f(x - h), f(x + h)\n    return slope(left, right, h + h)",
    ],
)
def test_of_two_attempts_the_last_counts_and_the_first_is_run_before_it(first):
    cells, said = rebuilt(split("central_difference", first, CENTRAL))
    assert sources(cells)["central_difference"] == CENTRAL
    assert said == ["The cell central_difference is there more than once; the last counts."]
    assert runs(cells)[1:3] == [first, CENTRAL]


def test_a_copy_that_nobody_has_worked_in_is_no_answer():
    stub = sources(NOTEBOOK)["central_difference"]
    cells, said = rebuilt(split("central_difference", CENTRAL, stub))
    assert sources(cells)["central_difference"] == CENTRAL
    assert "the last that you have changed counts" in said[0]


def test_pieces_that_are_no_program_are_not_joined():
    cells, said = rebuilt(split("central_difference", f"{HEAD}\n  return (", CENTRAL))
    assert sources(cells)["central_difference"] == CENTRAL
    assert "more than once" in said[0]


def test_a_text_in_two_cells_is_one_answer_and_two_versions_of_it_are_not():
    halves = ("Far out the formula errs.", "Near zero the digits cancel, and rounding wins.")
    cells, _ = rebuilt(split("why", *halves))
    assert sources(cells)["why"] == "\n\n".join(halves)
    cells, said = rebuilt(split("why", TEXT, f"{TEXT} And that is it."))
    assert sources(cells)["why"] == f"{TEXT} And that is it."
    assert said == ["The cell why is there more than once; the last counts."]


def test_two_answers_merged_into_one_cell_are_both_there():
    def merge(cells):
        change("forward_difference", f"{FORWARD}\n\n{CENTRAL}")(cells)
        without("central_difference")(cells)

    cells, said = rebuilt(merge)
    assert sources(cells)["forward_difference"] == f"{FORWARD}\n\n{CENTRAL}"
    assert sources(cells)["central_difference"] == "", "the stub does not take its place"
    assert said == ["The answer cell central_difference is missing."]


@pytest.mark.parametrize(
    "edit",
    [
        insert("central_difference", own(CENTRAL), before=True),
        change("forward_difference", f"{FORWARD}\n\n{CENTRAL}"),
    ],
)
def test_a_stub_does_not_take_the_place_of_what_is_defined_elsewhere(edit):
    cells, said = rebuilt(edit, {"forward_difference": FORWARD})
    assert sources(cells)["central_difference"] == ""
    assert "is as it was released; what another cell of yours defines" in said[0]


@pytest.mark.parametrize("name", ["central_difference", "why", "test_central_difference"])
def test_a_cell_that_has_lost_its_marks_is_recognised(name):
    cells, said = rebuilt(unmarked(name), {**ANSWERS, "why": STUB})
    assert sources(cells)["central_difference"] == CENTRAL
    assert said == [
        f"Cells had lost nbgrader's marks, and were recognised by what is in them: {name}."
    ]
    assert not [one for one in cells if not name_of(one)]


def test_a_cell_that_was_moved_is_in_its_place_again():
    def move(cells):
        cells.append(cells.pop(place(cells, "central_difference")))

    cells, said = rebuilt(move)
    assert sources(cells)["central_difference"] == CENTRAL
    assert said == []


# --- locked cells ---------------------------------------------------------------------------------

IMPORTS = sources(NOTEBOOK)["imports"]


@pytest.mark.parametrize(
    ("source", "kept", "changed"),
    [
        (f"import math\n{IMPORTS}", "import math", False),
        (
            f"{IMPORTS}\nfrom math import sin, cos",
            "from math import sin\nfrom math import cos",
            False,
        ),
        (IMPORTS.replace("numpy as np", "numpy as np, math"), "import math", False),
        (f"{IMPORTS}\n%matplotlib inline", "%matplotlib inline", False),
        (f"{IMPORTS}\n\ndef half(x):\n    return x / 2", "def half(x):\n    return x / 2", False),
        (IMPORTS.replace("import numpy as np", "import numpy"), "import numpy", True),
        (f"import math\n{IMPORTS}\nprint(", "import math", True),
        ("", "", True),
        (IMPORTS.replace("differentiation", "gradients"), None, True),
    ],
)
def test_what_is_added_to_a_locked_cell_is_kept_and_what_is_changed_is_put_back(
    source, kept, changed
):
    cells, said = rebuilt(change("imports", source))
    ours = [one["source"] for one in cells if not name_of(one)]
    if kept is not None:
        assert ours == [kept] * bool(kept)
    assert ("The cell imports was changed; it was put back." in said) == changed
    added = "What you have added to the cell imports was kept, in a cell of its own."
    assert (added in said) == bool(ours)


def test_what_a_check_imports_is_there_before_it_and_nothing_else_of_it_runs():
    check = "import math\ncheck.central_difference(central_difference)\nprint('mine')"
    cells, said = rebuilt(change("test_central_difference", check))
    names = [name_of(one) or one["source"] for one in cells]
    assert names[names.index("test_central_difference") - 1] == "import math"
    assert "print" not in str(cells)
    assert "The check test_central_difference was changed; it was put back." in said


def test_lines_that_are_wrapped_otherwise_are_no_change():
    _, said = rebuilt(change("about_why", "**Why** does it turn? Say it in a\nsentence."))
    assert said == []


# --- work that stands elsewhere -------------------------------------------------------------------


def waits(edit=None, answers=ANSWERS, pictures=()):
    cells, _ = rebuilt(edit, answers)
    for one in cells:
        if one["source"] in pictures:
            one["outputs"] = [{"output_type": "display_data", "data": {"image/png": "iVBORw=="}}]
    return waiting(cells, NOTEBOOK, [])


TYPED = f"**Why** does it turn?\n\nSay it in a sentence.\n\n{TEXT}"


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("why", insert("why", own(TEXT, "markdown"))),
        ("why", insert("why", own(TEXT, "markdown"), before=True)),
        ("why", insert("why", own(TEXT, "raw"))),
        ("why", insert("end", own(TEXT, "markdown"))),
        ("why", change("about_why", TYPED)),
        ("why", change("about_why", f"**Why** does it turn?\n\nSay it in a sentence: {TEXT}")),
        ("why", split("about_why", sources(NOTEBOOK)["about_why"], TYPED)),
        ("picture", insert("picture", own("plt.plot([1])"))),
        ("picture", insert("about_picture", own("plt.plot([1])"))),
        ("picture", insert("end", own("plt.plot([1])"))),
    ],
)
def test_a_person_is_asked_where_work_stands_near_an_empty_answer(name, edit):
    asked, said = waits(edit, pictures=["plt.plot([1])"])
    assert asked == [name]
    (line,) = said
    assert f"The cell {name} holds no answer, but other work of yours is near it" in line


@pytest.mark.parametrize(
    "edit",
    [
        None,
        insert("why", own("  \n", "markdown")),
        insert("forward_difference", own(TEXT, "markdown")),
        insert("end", own("1 + 1")),
        insert("end", own("Done!", "markdown")),
    ],
)
def test_nobody_is_asked_where_there_is_nothing_near(edit):
    assert waits(edit) == ([], [])


def test_nobody_is_asked_twice_where_there_is_an_answer():
    edit = insert("why", own("A note of mine.", "markdown"))
    assert waits(edit, {"why": TEXT, "picture": "plt.plot([1])"}) == ([], [])


def test_what_is_added_to_a_question_is_shown_to_who_marks():
    cells, said = rebuilt(change("about_why", TYPED))
    assert [one["source"] for one in cells if not name_of(one)] == [TEXT]
    assert said == ["What you have added to the cell about_why was kept, in a cell of its own."]


# --- several notebooks ----------------------------------------------------------------------------

UNTOUCHED, WORKED = handed_in({}), handed_in()
OTHER = handed_in({"forward_difference": FORWARD})
UNRELATED = cells_of({"cells": [own("1 + 1")]})


def chosen(unreadable=(), **notebooks):
    notebooks = {f"{name}.ipynb": cells for name, cells in notebooks.items()}
    reasons = {f"{name}.ipynb": f"{name} is damaged." for name in unreadable}
    return choose(Found(notebooks, reasons, {name: [] for name in notebooks}), "mine", NOTEBOOK)


@pytest.mark.parametrize(
    ("found", "cells", "said", "beside"),
    [
        ({"mine": WORKED}, WORKED, "", []),
        ({"mine": UNTOUCHED, "copy": WORKED}, WORKED, "your work is in 'copy.ipynb'", []),
        ({"mine": WORKED, "copy": UNTOUCHED}, WORKED, "", []),
        ({"mine": WORKED, "copy": WORKED}, WORKED, "", []),
        ({"mine": WORKED, "copy": OTHER}, WORKED, "", []),
        ({"mine": OTHER, "copy": WORKED}, OTHER, "", ["copy.ipynb"]),
        ({"mine": UNTOUCHED, "a": OTHER, "b": WORKED}, UNTOUCHED, "", ["a.ipynb", "b.ipynb"]),
        ({"mine": UNTOUCHED, "a": WORKED, "b": WORKED}, WORKED, "is as it was released", []),
        ({"mine": UNTOUCHED, "x": UNRELATED}, UNTOUCHED, "", ["x.ipynb"]),
        ({"other": WORKED}, WORKED, "is called 'other.ipynb'", []),
        (
            {"x": UNRELATED, "copy": WORKED},
            WORKED,
            "Only 'copy.ipynb' holds your work",
            ["x.ipynb"],
        ),
        (
            {"copy": WORKED, "unreadable": ["mine"]},
            WORKED,
            "mine is damaged. Only 'copy.ipynb'",
            [],
        ),
        ({"mine": WORKED, "unreadable": ["copy"]}, WORKED, "", []),
    ],
)
def test_the_notebook_with_the_work_is_read_if_there_is_one(found, cells, said, beside):
    one = chosen(**found)
    assert one.cells == cells
    assert bool(said) == bool(one.repairs)
    assert said in "".join(one.repairs)
    assert one.beside == beside


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({}, "There is no notebook"),
        ({"unreadable": ["mine"]}, "mine is damaged"),
        ({"unreadable": ["other"]}, "other is damaged"),
        ({"a": OTHER, "b": WORKED}, "2 notebooks and none is called mine.ipynb"),
        ({"unreadable": ["mine"], "a": OTHER, "b": WORKED}, "mine is damaged"),
    ],
)
def test_no_notebook_is_chosen_where_that_would_be_a_guess(found, reason):
    with pytest.raises(Unreadable, match=reason):
        chosen(**found)


def test_work_in_another_notebook_makes_a_person_look_at_what_is_empty_in_this_one():
    cells, _ = rebuilt()
    asked, said = waiting(cells, NOTEBOOK, ["copy.ipynb"])
    assert asked == ["picture", "why"]
    assert said == ["Beside your notebook there is more work, which was not read: 'copy.ipynb'."]
