"""What every exercise of every assignment promises, whoever wrote its catalogue.

That right answers lose nothing and that wrong ones are named is the certificate's to prove, see
tests/tools/test_certify.py.
"""

import importlib
import os
import runpy
import subprocess
import sys
from types import FunctionType

import numpy as np
import pytest

from nnchecks.engine.exercise import Exercise
from nnchecks.engine.report import Outcome
from tests.conftest import ROOT
from tools import assignments

#: What is no answer to any exercise, as a function or as a class.
NONSENSE = {
    "nothing": lambda *a, **k: None,
    "not a number": lambda *a, **k: np.nan,
    "infinity": lambda *a, **k: np.inf,
    "text": lambda *a, **k: "0.2",
    "a ragged list": lambda *a, **k: [[1], [2, 3]],
    "a dict": lambda *a, **k: {"a": 1},
    "a complex number": lambda *a, **k: 1j,
    "a division by zero": lambda *a, **k: 1 / 0,
    "no arguments": lambda: 1,
}

PARAMS = ("W1", "b1", "W2", "b2")
#: What is nonsense in one assignment and might be an answer in another.
NONSENSE_OF_ITS_OWN = {
    "01-differentiation": {
        "zeros": lambda *a, **k: np.zeros(np.shape(a[1])),
        "the second argument": lambda *a, **k: a[1],
    },
    "02-gradients": {"the first argument": lambda *a, **k: a[0]},
    "03-gradient-descent": {"the first argument": lambda *a, **k: a[0]},
    "04-backprop-by-hand": {
        "two that are not numbers": lambda *a: (np.nan, np.nan),
        "three texts": lambda *a: ("0.2", "0.3", "0.4"),
        "two arguments": lambda *a: a[:2],
        "three arguments": lambda *a: a[:3],
        "two arguments and a list": lambda *a: (a[0], a[1], []),
        "half a dict": lambda *a: {"dW1": a[0]},
    },
    "05-xor": {
        "one argument twice": lambda *a, **k: (a[0], a[0]),
        "no number anywhere": lambda *a, **k: (np.nan, dict.fromkeys(PARAMS, np.nan)),
        "empty params": lambda *a, **k: (dict.fromkeys(PARAMS), [None]),
        "params of text": lambda *a, **k: dict.fromkeys(PARAMS, "W"),
        "complex params": lambda *a, **k: dict.fromkeys(PARAMS, 1j),
    },
    "06-optimizers": {
        "the first argument": lambda *a, **k: a[0],
        "two that are not numbers": lambda *a, **k: (np.nan, np.nan),
        "a complex number and no state": lambda *a, **k: (1j, None),
        "a state that is no data": lambda w, g, *a, **k: (
            np.full(np.shape(w), np.nan),
            {"x": lambda: 1},
        ),
    },
    "08-computational-graph": {
        "the number itself": lambda *a: 2.0,
        "an array for a class": lambda *a: np.array([a[0]]),
        "Python's dict": dict,
        "Python's list": list,
    },
}

#: What the picture beside a wrong answer says in words: the exercise, the slip, and the words, or
#: None where a picture would show nothing.
PICTURES = {
    "01-differentiation": [
        ("forward_difference", "sign", "leaves the secant"),
        ("central_difference", "divided by h", "leaves the secant"),
        ("partial_derivative", "every coordinate", "leaves the secant"),
        ("numerical_gradient", "sign", "Yours point the opposite way and are as long."),
        ("numerical_gradient", "divided by h", "Yours point the same way and are 2 times as long."),
        ("numerical_gradient", "never put back", "Yours go other ways"),
        ("best_step", "smallest step", "Your step, 0.001, has the error"),
        ("best_step", "error", "is none of the steps"),
    ],
    "02-gradients": [
        ("directional_derivative", "not normalised", "farthest apart at"),
        ("directional_derivative", "sign", "Slope of x₀² + x₁² at (3, 4) over angle of u"),
        ("softmax", "turned round", "Probabilities, wanted and yours. y0:"),
        (
            "cross_entropy",
            "plus 1e-7",
            "farthest apart at -40, where 40.7 is wanted and yours is 16",
        ),
        ("cross_entropy", "sign", "Loss over logit of the right class"),
        ("loss_gradient", "sign", "Gradient by each weight, wanted and yours. W00:"),
        ("loss_gradient", "missing 1/n", "W11"),
    ],
    "03-gradient-descent": [
        ("gradient_descent", "along the gradient", "Two paths on contours. The one wanted has"),
        ("gradient_descent", "start left out", "points, from"),
        ("descend_until", "length of the step", "Steps taken, with 100 allowed over log₁₀"),
        ("sgd_step", "missing 1/n", "New weight, wanted and yours. w0:"),
        ("minibatches", "evenly split", "Rows in a batch, wanted and yours. batch 0: 4, yours 4."),
    ],
    "05-xor": [
        ("predict", "b1 forgotten", "Second output at the input (t, t) over t. The curve wanted"),
        ("loss_and_gradients", "half kept", "Gradient by W2, wanted and yours. 0,0:"),
        ("loss_and_gradients", "scalar penalty", "Gradient by W1, wanted and yours. 0,0:"),
        ("train", "along the gradient", "Loss over steps taken. The curve wanted lies between"),
        ("train", "start left out", "yours gives no number"),
    ],
    "06-optimizers": [
        ("momentum_step", "average", "Two paths on contours. The one wanted has"),
        ("adagrad_step", "forgets", "Two paths on contours. The one wanted has"),
        ("rmsprop_step", "no root", "Two paths on contours. The one wanted has"),
        ("adam_step", "no bias correction", "Two paths on contours. The one wanted has"),
        ("run", "state dropped", "Two paths on contours. The one wanted has"),
        ("run", "the end alone", None),
    ],
    "07-vanishing-gradients": [
        ("layer_gradient_norms", "sum for mean", "Mean absolute gradient, wanted and yours. layer"),
        ("layer_gradient_norms", "no slopes", "layer 1:"),
        ("clip_by_norm", "by value", "Clipped gradients, wanted and yours. a0:"),
        ("xavier", "inputs alone", "Standard deviation of its weights over number of inputs of a"),
        ("he", "units for inputs", "Standard deviation of its weights over number of inputs of a"),
        ("he", "uniform", "Part of the weights, wanted and yours. below -2: 0.0228, yours 0. -2"),
    ],
    "08-computational-graph": [
        ("Value", "the last use wins", "Gradient, wanted and yours."),
    ],
    "09-errata-lab": [
        ("bipolar_logistic_slope", "not repaired", "Slope over x. The curve wanted lies between"),
        ("mean_cross_entropy", "not repaired", "Loss over probability of class 0, for the labels"),
        ("find_optimum", "not repaired", "Two paths on contours. The one wanted has 7 points"),
        ("as_tanh_network", "not repaired", "First output over every input."),
        ("hidden_layer", "not repaired", "Outputs (sample, unit), wanted and yours. 0, 0:"),
        ("ridge_gradient", "not repaired", "Gradient, wanted and yours. w0:"),
        ("heavy_ball", "not repaired", "Two paths on contours."),
        ("saturated_units", "not repaired", "Saturated (1) or not (0), for the share"),
        ("weight_influence", "not repaired", "Slope by w, for 2 inputs over w."),
    ],
    "10-capstone": [
        ("standardise", "variance", "Standardised samples (row, column), wanted and yours. 0,0:"),
        ("train_network", "along the gradient", "Loss over steps taken. The curve wanted lies"),
        ("train_network", "params of the start", "W1 at the end, wanted and yours. 0,0:"),
        ("compare", "mean", "Median, wanted and yours. setting 0:"),
        ("my_program", "not standardised", "Samples that were not trained on. 0 of 120 are named"),
    ],
}

SOURCES = assignments.sources(ROOT / "solutions")


def module_of(source):
    """The check module that the notebook imports."""
    (line,) = [
        line for line in source.read_text().splitlines() if line.startswith("from nnchecks ")
    ]
    return importlib.import_module(f"nnchecks.{line.split()[3]}")


def points_of(source):
    """Points in the notebook, by exercise."""
    found = {}
    for cell in assignments.read(source).cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade") and meta["grade_id"].startswith("test_"):
            found[meta["grade_id"].removeprefix("test_")] = meta["points"]
    return found


POINTS = {name: points for source in SOURCES for name, points in points_of(source).items()}
EXERCISES = {
    name: getattr(module_of(source), name)
    for source in SOURCES
    for name in points_of(source)
    if isinstance(getattr(module_of(source), name), Exercise)
}
ALTERNATIVES = {
    name: answers
    for source in SOURCES
    for name, answers in runpy.run_path(str(source.parent / "alternatives.py"))[
        "ALTERNATIVES"
    ].items()
    if name in EXERCISES
}


def books_own(name):
    """The book's function or object of that name, which is among what is withheld."""
    for one in EXERCISES[name].withheld:
        home = importlib.import_module(one.__module__)
        if one.__name__ == name:
            return one
        if hasattr(home, name):
            return getattr(home, name)
    raise AssertionError(f"the book's own {name} is not withheld")


def stub(*arguments, **keywords):
    raise NotImplementedError


def exercises_of(assignment):
    """The names of the exercises of one assignment."""
    (source,) = [source for source in SOURCES if source.stem == assignment]
    return [name for name in points_of(source) if name in EXERCISES]


def test_the_tests_look_at_every_assignment():
    assert EXERCISES.keys() == ALTERNATIVES.keys()
    for source in SOURCES:
        assert exercises_of(source.stem), source.stem
    assert len(POINTS) == sum(len(points_of(source)) for source in SOURCES), "a name is used twice"


@pytest.mark.parametrize("name", EXERCISES)
def test_each_exercise_knows_six_misconceptions_and_awards_the_notebooks_points(name):
    assert len(EXERCISES[name].misconceptions) >= 6
    assert EXERCISES[name](stub).points == POINTS[name]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_stub_is_not_attempted_and_gets_nothing(name):
    report = EXERCISES[name](stub)
    assert {criterion.outcome for criterion in report.criteria} == {Outcome.NOT_ATTEMPTED}
    assert report.score == 0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        *(
            pytest.param(name, answer, id=f"{name}, {what}")
            for name in EXERCISES
            for what, answer in NONSENSE.items()
        ),
        *(
            pytest.param(name, answer, id=f"{name}, {what}")
            for assignment, answers in NONSENSE_OF_ITS_OWN.items()
            for name in exercises_of(assignment)
            for what, answer in answers.items()
        ),
    ],
)
def test_nonsense_gets_nothing_and_a_sentence(name, answer):
    report = EXERCISES[name](answer)
    assert report.score == 0
    assert all(criterion.sentence for criterion in report.criteria)
    assert "<table" in report._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("name", "slip", "words"),
    [pytest.param(*row, id=f"{row[0]}, {row[1]}") for rows in PICTURES.values() for row in rows],
)
def test_a_picture_shows_the_slip_and_says_it_in_words(name, slip, words):
    (answer,) = [one.answer for one in EXERCISES[name].misconceptions if one.name == slip]
    picture = EXERCISES[name](answer).picture()
    if words is None:
        assert picture is None
    else:
        assert words in picture.alt
        assert picture.svg.rstrip().endswith("</svg>")
        assert picture.svg == EXERCISES[name](answer).picture().svg


@pytest.mark.parametrize(
    "name",
    [name for name, one in EXERCISES.items() if any(part.picture for part in one.properties)],
)
def test_an_exercise_with_a_picture_shows_it_for_one_of_its_misconceptions(name):
    for slip in EXERCISES[name].misconceptions:
        report = EXERCISES[name](slip.answer)
        picture = report.picture() if report.picture else None
        if picture is not None:
            break
    assert picture is not None, "no misconception leads to the picture"
    assert picture.svg.rstrip().endswith("</svg>")
    assert len(picture.alt.split()) >= 5


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_answer_has_no_picture(name):
    assert EXERCISES[name](ALTERNATIVES[name][0]).picture is None


@pytest.mark.parametrize("name", EXERCISES)
def test_the_books_own_is_not_the_students_work_wrapped_or_copied_either(name):
    book = books_own(name)
    answers = [book, lambda *given, **named: book(*given, **named)]
    if isinstance(book, FunctionType):
        copy = FunctionType(
            book.__code__, book.__globals__, name, book.__defaults__, book.__closure__
        )
        copy.__module__ = "__main__"
        answers.append(copy)
    for answer in answers:
        report = EXERCISES[name](answer)
        assert report.outcome is Outcome.NOT_ATTEMPTED
        assert report.score == 0
        assert "yours to write" in str(report)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_checks_import_neither_matplotlib_nor_nbgrader(source):
    code = (
        f"import sys; import {module_of(source).__name__};"
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'nbgrader', 'IPython')))"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
