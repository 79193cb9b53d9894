"""A student's own numbers, from the student's id (assignments 04 and 10).

The same id gives the same numbers on every machine and in every version: they come from SHA-256,
not from a random generator or from Python's salted ``hash``. Draws that would make the work
easier or harder than a neighbour's are thrown away, and the next one is taken.
"""

import functools
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nnlib import datasets
from nnlib.backprop_by_hand import HAND_STEPS, hand_given, hand_places

Array = npt.NDArray[np.float64]

#: To how many decimals the numbers are worked out.
HAND_DECIMALS = 4


class BackpropNumbers(NamedTuple):
    """What one student works through on paper: a 3-2-1 tanh network and one sample.

    Attributes
    ----------
    W1 : numpy.ndarray of float64, shape (2, 3)
        Weights into the two hidden units, one row each; no biases.
    W2 : numpy.ndarray of float64, shape (2,)
        Weights into the output.
    x : numpy.ndarray of float64, shape (3,)
        The input.
    target, learning_rate : float

    Examples
    --------
    >>> backprop_numbers("ada").W2
    array([-0.2,  0.9])
    """

    W1: Array
    W2: Array
    x: Array
    target: float
    learning_rate: float


def backprop_numbers(student: str | int, salt: str = "04-backprop-by-hand") -> BackpropNumbers:
    """The numbers of one student, with one decimal, as on an exercise sheet.

    Everyone gets the same amount of work: no zeros, three different inputs, as many minus signs,
    no unit in saturation or asleep, an error worth learning from, and hidden deltas that differ
    clearly between the old and the updated output weights.

    Parameters
    ----------
    student : str or int
        The student's id. Spaces around it and the case of letters do not matter.
    salt : str
        Another salt gives everyone other numbers, for the next term.

    Returns
    -------
    BackpropNumbers
        New arrays in every call.

    Raises
    ------
    TypeError
        If the id is neither text nor a whole number.
    ValueError
        If it is empty.

    Notes
    -----
    Two of 500 students share their numbers with a probability of less than one in a million.

    Examples
    --------
    >>> numbers = backprop_numbers(" Ada ")
    >>> numbers.x, numbers.target, numbers.learning_rate
    (array([ 0.7,  0.8, -0.1]), -0.1, 0.4)
    """
    numbers = _fair_draw(f"{salt}\n{_id_of(student)}")
    return numbers._replace(W1=numbers.W1.copy(), W2=numbers.W2.copy(), x=numbers.x.copy())


def is_fair(numbers: BackpropNumbers) -> bool:
    """Whether a draw is neither easier nor harder than the others.

    Parameters
    ----------
    numbers : BackpropNumbers

    Returns
    -------
    bool

    Examples
    --------
    >>> is_fair(backprop_numbers("ada"))
    True
    """
    W1, W2, x = numbers.W1, numbers.W2, numbers.x
    weights, inputs = [*W1.flat, *W2], [*x]
    if (
        sum(number < 0 for number in weights + inputs) != 4
        or len({abs(number) for number in inputs}) < 3
        or len({abs(number) for number in W2}) < 2
        or len({*W1.flat}) < 5
    ):
        return False
    # Not by `hand_pass`: where answers are marked that is withheld, and worksheets are still drawn.
    v = W1 @ x
    h = np.tanh(v)
    v_out = float(W2 @ h)
    y = np.tanh(v_out)
    e = y - numbers.target
    delta_out = e * (1 - y**2)
    delta = delta_out * W2 * (1 - h**2)
    change = numbers.learning_rate * delta_out * h  # of W2
    # Bounds on v have three decimals: v itself has two, so no rounding can decide about them.
    return bool(
        np.all((np.abs(v) > 0.355) & (np.abs(v) < 1.105))
        and abs(v[0] - v[1]) > 0.105
        and 0.15 < abs(v_out) < 1.0
        and 0.4 < abs(e) < 1.4
        and np.all(np.abs(delta) > 0.03)
        and np.all(np.abs(change) > 0.03)
    )


def _id_of(student: str | int) -> str:
    """The id as it counts: without the spaces around it, in small letters."""
    if isinstance(student, bool) or not isinstance(student, str | int):
        raise TypeError(f"`student` must be an id, text or a whole number, but it is {student!r}.")
    name = str(student).strip().casefold()
    if not name:
        raise ValueError("`student` is empty; give the student's id.")
    return name


@functools.lru_cache(maxsize=1024)
def _fair_draw(seed: str) -> BackpropNumbers:
    """The first fair draw. It takes some 50 draws to find, and is asked for again and again."""
    return next(filter(is_fair, (_draw(f"{seed}\n{k}") for k in itertools.count())))


def _draw(seed: str) -> BackpropNumbers:
    numbers = _bytes(seed)

    def tenth() -> float:
        """One of ±0.1 … ±0.9."""
        size, minus = next(numbers) % 9 + 1, next(numbers) % 2
        return (-size if minus else size) / 10

    return BackpropNumbers(
        W1=np.array([[tenth() for _ in range(3)] for _ in range(2)]),
        W2=np.array([tenth() for _ in range(2)]),
        x=np.array([tenth() for _ in range(3)]),
        target=tenth(),
        learning_rate=(next(numbers) % 4 + 2) / 10,
    )


def _bytes(seed: str) -> Iterator[int]:
    """Bytes without end, below 252: a multiple of 9, 4 and 2, so that remainders are fair."""
    for block in itertools.count():
        digest = hashlib.sha256(f"{seed}\n{block}".encode()).digest()
        yield from (byte for byte in digest if byte < 252)


# --- the capstone's data --------------------------------------------------------------------------

#: What the samples of the capstone are drawn from, by the name that students read.
CAPSTONE_SETS = {
    "spirals": datasets.spirals,
    "rings": datasets.rings,
    "unequal classes": datasets.unequal_classes,
}
#: How many samples each student gets.
CAPSTONE_SAMPLES = 400


class CapstoneData(NamedTuple):
    """What one student of the capstone works on.

    Attributes
    ----------
    name : str
        One of `CAPSTONE_SETS`.
    X : numpy.ndarray of float64, shape (n, 2)
        Samples in rows, class by class: who splits them has to shuffle first.
    labels : numpy.ndarray of int, shape (n,)

    Examples
    --------
    >>> capstone_data("ada").name
    'rings'
    """

    name: str
    X: Array
    labels: npt.NDArray[np.intp]


def capstone_data(student: str | int, salt: str = "10-capstone") -> CapstoneData:
    """The samples of one student, from one of three sets, with a noise of their own.

    Parameters
    ----------
    student, salt
        As for `backprop_numbers`.

    Returns
    -------
    CapstoneData
        New arrays in every call.

    Raises
    ------
    TypeError, ValueError
        As `backprop_numbers`.

    Notes
    -----
    Which set it is and the generator's seed come from SHA-256. The samples come from NumPy's
    generator: the same on every machine, as long as NumPy's stream of numbers stays as it is.

    Examples
    --------
    >>> name, X, labels = capstone_data(" Ada ")
    >>> X.shape, np.bincount(labels)
    ((400, 2), array([200, 200]))
    """
    digest = hashlib.sha256(f"{salt}\n{_id_of(student)}".encode()).digest()
    name = [*CAPSTONE_SETS][int.from_bytes(digest[:8], "big") % len(CAPSTONE_SETS)]
    rng = np.random.default_rng(int.from_bytes(digest[8:24], "big"))
    data = CAPSTONE_SETS[name](CAPSTONE_SAMPLES, rng)
    order = np.argsort(data.labels, kind="stable")
    return CapstoneData(name, data.X[order], data.labels[order])


# --- the worksheet ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worksheet:
    """One student's numbers, the network, and a table to fill in.

    A notebook shows it as a picture and a table, a terminal as text; `save` writes a page to print.

    Attributes
    ----------
    student : str
    numbers : BackpropNumbers

    Examples
    --------
    >>> print(worksheet("ada"))  # doctest: +ELLIPSIS
    Worksheet of ada: one step of backpropagation by hand
    ...
    """

    student: str
    numbers: BackpropNumbers

    def __str__(self) -> str:
        lines = [_title(self.student), "", *_said(self.numbers), "", RULES]
        for heading, names in TABLE:
            lines += ["", heading]
            lines += [
                "   ".join(f"{name:>8} = ________" for name in names[i : i + 3])
                for i in range(0, len(names), 3)
            ]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return (
            '<div style="background:#fff;color:#000;padding:1em;max-width:46em;'
            'font:14px/1.4 sans-serif">'
            f'<p style="font-size:1.3em;font-weight:bold;margin:0">{escape(_title(self.student))}'
            f"</p><p>{escape(RULES)}</p>{_network(self.numbers)}"
            f'<div style="display:flex;gap:1em">{_blanks(TABLE[:5])}{_blanks(TABLE[5:])}'
            "</div></div>"
        )

    def save(self, path: str | Path = "worksheet.html") -> Path:
        """Write a page of its own, to be printed on one sheet of A4 or Letter paper.

        Parameters
        ----------
        path : str or path
            An older file of that name is replaced.

        Returns
        -------
        pathlib.Path

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     print(worksheet("ada").save(f"{folder}/ada.html").name)
        ada.html
        """
        path = Path(path)
        path.write_text(
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(_title(self.student))}</title>"
            "<style>@page{margin:10mm}body{margin:0}"
            "body>div{max-width:none!important;padding:0!important}</style></head>"
            f"<body>{self._repr_html_()}</body></html>\n",
            encoding="utf-8",
        )
        return path


def worksheet(student: str | int, salt: str = "04-backprop-by-hand") -> Worksheet:
    """The sheet on which one student works through their numbers.

    Parameters
    ----------
    student, salt
        As for `backprop_numbers`.

    Returns
    -------
    Worksheet

    Raises
    ------
    TypeError, ValueError
        As `backprop_numbers`.

    Examples
    --------
    >>> str(worksheet("ada")).splitlines()[2]
    'x1 = 0.7, x2 = 0.8, x3 = -0.1'
    """
    return Worksheet(str(student).strip(), backprop_numbers(student, salt))


#: The table to fill in: a heading, and the names of the numbers below it.
TABLE = tuple(
    (heading, tuple(name.format(**at) for name in formulas for at in hand_places(name)))
    for heading, formulas in HAND_STEPS
)

RULES = (
    "Every unit is a tanh, there are no biases, the loss is ½e² with e = y − target. W1_12 goes "
    "into hidden unit 1 and comes from input 2. Work from top to bottom and round every number "
    f"that you write down to {HAND_DECIMALS} decimals."
)


def _title(student: str) -> str:
    return f"Worksheet of {student}: one step of backpropagation by hand"


def _said(numbers: BackpropNumbers) -> list[str]:
    """The given numbers in words: a line for each row of weights."""
    given = hand_given(*numbers)
    rows = itertools.groupby(given, key=lambda name: name[:-1])
    return [", ".join(f"{name} = {given[name]:g}" for name in row) for _, row in rows]


#: Centres of the network's units in the drawing.
INPUTS = ((70, 40), (70, 160), (70, 280))
HIDDEN = ((340, 85), (340, 235))
OUTPUT = (560, 160)


def _network(numbers: BackpropNumbers) -> str:
    """The network with its numbers, as SVG; a screen reader gets the numbers in words."""
    edges = [
        (f"W1_{j + 1}{i + 1} = {numbers.W1[j, i]:g}", INPUTS[i], HIDDEN[j], 0.32)
        for j in range(2)
        for i in range(3)
    ] + [(f"W2_{j + 1} = {numbers.W2[j]:g}", HIDDEN[j], OUTPUT, 0.5) for j in range(2)]
    units = [
        *((f"x{i + 1}", f"{numbers.x[i]:g}", INPUTS[i]) for i in range(3)),
        *((f"h{j + 1}", "tanh", HIDDEN[j]) for j in range(2)),
        ("y", "tanh", OUTPUT),
    ]
    lines = "".join(
        f'<line x1="{a}" y1="{b}" x2="{c}" y2="{d}"/>' for _, (a, b), (c, d), _ in edges
    )
    weights = "".join(
        f'<text x="{a + at * (c - a):g}" y="{b + at * (d - b) + 5:g}" stroke="#fff" '
        f'stroke-width="9" paint-order="stroke">{said}</text>'
        for said, (a, b), (c, d), at in edges
    )
    circles = "".join(
        f'<circle cx="{a}" cy="{b}" r="30" fill="#fff" stroke="#000"/>'
        f'<text x="{a}" y="{b - 3}" font-weight="bold">{name}</text>'
        f'<text x="{a}" y="{b + 16}">{said}</text>'
        for name, said, (a, b) in units
    )
    words = escape("The network. " + "; ".join(_said(numbers)) + ".")
    return (
        f'<svg viewBox="0 0 720 320" role="img" aria-label="{words}" style="width:100%" '
        'font-family="sans-serif" font-size="15" text-anchor="middle">'
        f'<g stroke="#6B6B6B">{lines}</g>{weights}{circles}'
        f'<text x="660" y="165">target = {numbers.target:g}</text>'
        f'<text x="600" y="285">learning_rate = {numbers.learning_rate:g}</text></svg>'
    )


def _blanks(steps: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """An empty table: the name of each number, and room for the working and the number."""
    cell = "border:1px solid #6B6B6B;padding:.35em .5em;text-align:left;background:#fff;color:#000"
    rows = "".join(
        f'<tr><th colspan="2" scope="colgroup" style="{cell};background:#eee">{escape(heading)}'
        "</th></tr>"
        + "".join(
            f'<tr><th scope="row" style="{cell};width:6em">{name}</th><td style="{cell}"></td></tr>'
            for name in names
        )
        for heading, names in steps
    )
    return f'<table style="border-collapse:collapse;flex:1;align-self:start">{rows}</table>'
