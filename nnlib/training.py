"""Training a network: step after step downhill, with a record of the loss (chapters 4 to 6).

The batches decide the kind of descent. None: every step sees all samples. `shuffled`: small
batches, each sample once in an epoch. `drawn`: one random sample a step, with replacement, as S0
does. Batches are just arrays of row numbers, so any other sequence of them will do.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple, NoReturn, Protocol

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count
from nnlib.gradient_descent import DivergenceError, Schedule, all_finite, as_schedule, minibatches
from nnlib.network import (
    Gradients,
    Layer,
    Network,
    Task,
    as_task,
    flatten,
    forward_pass,
    layers_of,
    split,
    unflatten,
)
from nnlib.progress import ProgressBar

Batch = npt.NDArray[np.intp]
Progress = Callable[[int, int, float], None]


class Rule(Protocol):
    """What `train` asks of an optimizer; those of `nnlib.optimizers` have it."""

    def init(self, params: Array, /) -> Any:
        """State before the first step."""

    def update(self, params: Array, gradients: Array, state: Any, /) -> tuple[Array, Any]:
        """New parameters and new state."""


class Training(NamedTuple):
    """A trained network, and how it came about.

    `losses` are those on all samples, penalties included, after so many `steps`: 0 to the last.

    Examples
    --------
    >>> from nnlib.network import network_3_2_1
    >>> x, t = [[1, 1, 1]], [[1]]
    >>> run = train(network_3_2_1(), x, t, steps=10, learning_rate=0.1, record_every=5)
    >>> run.steps, run.losses.round(3)
    (array([ 0,  5, 10]), array([0.56 , 0.538, 0.524]))
    """

    network: Network
    steps: npt.NDArray[np.intp]
    losses: Array


def train(
    network: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    *,
    steps: int,
    learning_rate: float | Schedule | None = None,
    optimizer: Rule | None = None,
    loss: str = "half squared error",
    l1: float = 0.0,
    l2: float = 0.0,
    batches: Iterable[Batch] | None = None,
    record_every: int = 1,
    progress: bool | Progress = True,
) -> Training:
    """Train a network: in each step all gradients first, and then one update.

    Parameters
    ----------
    network : Network
        Where to start. It is not changed.
    X, T, loss, l1, l2
        As for `nnlib.network.loss_and_gradients`.
    steps : int
        How many updates to make, at least 0.
    learning_rate : float or callable
        For plain gradient descent: one rate, or a schedule that gives it for step 0, 1, ….
    optimizer : Rule
        Instead of a learning rate: an optimizer of `nnlib.optimizers`, or any other.
    batches : iterable of arrays of int, optional
        The rows of `X` that each step sees. By default every step sees all of them.
    record_every : int
        Record the loss on all samples after every so many steps. With batches that costs a forward
        pass; with all samples in each step it costs nothing.
    progress : bool or callable
        True for a line of text on runs of more than two seconds; or a function of the step's
        number, the number of steps, and the loss on the batch, called in each step.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it must be, if the loss is not finite at the start, or if the
        batches come to an end before the steps.
    DivergenceError
        If the loss or a parameter stops being finite.

    Examples
    --------
    >>> from nnlib.datasets import xor_points
    >>> from nnlib.network import accuracy, network_2_3_2
    >>> X, T, labels = xor_points()
    >>> run = train(network_2_3_2(biases=True), X, T, steps=1500, learning_rate=2.0)
    >>> accuracy(run.network, X, labels)
    1.0
    """
    task = as_task(network, X, T, loss, l1=l1, l2=l2)
    steps, record_every = as_count("steps", steps), as_count("record_every", record_every, least=1)
    rule, report = _rule(learning_rate, optimizer), _report(progress)
    vector = flatten(network)
    parameters = Gradients(*split(network, vector))  # views: each update of the vector shows here
    layers = layers_of(parameters.weights, parameters.biases, network.activations)
    state = rule.init(vector.copy())
    recorded: list[tuple[int, float]] = []
    with np.errstate(over="ignore", invalid="ignore"):  # reported by `_stop`, with the step
        for step, rows in zip(range(steps), _endless(batches, steps), strict=False):
            batch = task if rows is None else task.rows(rows)
            value, gradients = batch.loss_and_gradients(layers)
            if step % record_every == 0:
                recorded.append((step, value if rows is None else _full_loss(layers, task)))
            slopes = flatten(gradients)
            if not math.isfinite(value):
                _stop(f"the loss ({value})", step)
            if not all_finite(slopes):
                _stop(_first_infinite("the gradient by", gradients), step)
            vector[:], state = rule.update(vector.copy(), slopes, state)
            if not all_finite(vector):
                _stop(_first_infinite("the new", parameters), step + 1)
            report(step + 1, steps, value)
        recorded.append((steps, _full_loss(layers, task)))
        if not math.isfinite(recorded[-1][1]):
            _stop(f"the loss ({recorded[-1][1]})", steps)
    at, losses = zip(*recorded, strict=True)
    return Training(unflatten(network, vector), np.array(at, dtype=np.intp), np.array(losses))


def shuffled(n: int, size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Mini-batches without end: every epoch is shuffled anew and shows each sample once.

    The arguments are those of `nnlib.gradient_descent.minibatches`.

    Examples
    --------
    >>> batches = shuffled(5, 3, np.random.default_rng(0))
    >>> [len(next(batches)) for _ in range(4)]
    [3, 2, 3, 2]
    """
    n = as_count("n", n, least=1)
    while True:
        yield from minibatches(n, size, rng)


def drawn(n: int, rng: np.random.Generator | np.random.RandomState) -> Iterator[Batch]:
    """Single random samples without end, drawn with replacement from n rows.

    After n draws about a third of the samples (1/e) has not been seen: n draws are no epoch
    (erratum E0.11). An old generator (RandomState) draws as ``np.random.randint`` does in S0.

    Examples
    --------
    >>> batches = drawn(8, np.random.RandomState(0))
    >>> [int(next(batches)[0]) for _ in range(4)]
    [4, 7, 5, 0]
    """
    n = as_count("n", n, least=1)
    draw = rng.randint if isinstance(rng, np.random.RandomState) else rng.integers
    while True:
        yield np.asarray(draw(0, n, size=1), dtype=np.intp)


@dataclass(frozen=True)
class _PlainDescent:
    """The default rule: w ← w − η·g, where η may follow a schedule."""

    rate: Schedule

    def init(self, params: Array) -> int:
        return 0

    def update(self, params: Array, gradients: Array, step: int) -> tuple[Array, int]:
        return params - self.rate(step) * gradients, step + 1


def _rule(learning_rate: float | Schedule | None, optimizer: Rule | None) -> Rule:
    if optimizer is not None and learning_rate is None:
        return optimizer
    if learning_rate is not None and optimizer is None:
        return _PlainDescent(as_schedule(learning_rate))
    raise ValueError(
        "Give either `learning_rate`, for plain gradient descent, or `optimizer`, which has its "
        f"own; given were learning_rate={learning_rate!r} and optimizer={optimizer!r}."
    )


def _report(progress: bool | Progress) -> Progress:
    if callable(progress):
        return progress
    return ProgressBar() if progress else lambda step, steps, loss: None


def _endless(batches: Iterable[Batch] | None, steps: int) -> Iterator[Batch | None]:
    """The given batches, or None for ever; an error where they end too soon."""
    if batches is None:
        yield from repeat(None)
    yield from map(np.atleast_1d, batches or ())
    raise ValueError(f"`batches` came to an end before `steps` = {steps} steps were made.")


def _full_loss(layers: tuple[Layer, ...], task: Task) -> float:
    return task.loss(layers, forward_pass(layers, task.X).output)


def _first_infinite(what: str, parts: Gradients) -> str:
    """Name the first array, and the place in it, that holds NaN or infinity."""
    for name in ("weights", "biases"):
        for k, array in enumerate(getattr(parts, name) or ()):
            if not all_finite(array):
                index = np.argwhere(~np.isfinite(array))[0].tolist()
                return f"{what} {name}[{k}]{index} ({array[tuple(index)]})"
    return what


def _stop(what: str, step: int) -> NoReturn:
    if step == 0:
        raise ValueError(
            f"{what} is not finite before any step. The weights or the inputs are too large: scale "
            "the inputs, or draw the weights by a rule such as 'xavier' or 'he'."
        )
    raise DivergenceError(f"{what} is not finite", step)
