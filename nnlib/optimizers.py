"""Better steps than plain descent: momentum, a rate for each parameter, and both (chapter 6).

First the methods as chapter 6 writes them: one function each, formula for formula. Each takes the
parameters w, the gradient g there and a state, which is None before the first step, and returns new
parameters and a new state. `run` repeats one of them.

Then the same methods for long runs: an `Optimizer` is a frozen dataclass of its hyper-parameters
with `init`, the state before the first step, and `update`, one step. They are tuned: a few passes
over whole vectors, in place on arrays that `update` itself has just made. A test holds them to the
functions. Nothing that either is handed is ever changed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_count, as_float_array, as_positive, same_shape
from nnlib.gradient_descent import DivergenceError, Gradient, gradient_at, require_finite

AdamState = tuple[int, Array, Array]
Memory = tuple[Array, ...]


# --- one step of each method ---------------------------------------------------------------------


def gradient_descent_step(
    w: npt.ArrayLike, g: npt.ArrayLike, state: None, learning_rate: float
) -> tuple[Array, None]:
    """Go against the gradient; there is nothing to remember.

    Examples
    --------
    >>> gradient_descent_step([1.0], [1.0], None, 0.1)
    (array([0.9]), None)
    """
    w, g = _checked(w, g, learning_rate=learning_rate)
    return w - learning_rate * g, None


def momentum_step(
    w: npt.ArrayLike, g: npt.ArrayLike, state: Array | None, learning_rate: float, momentum: float
) -> tuple[Array, Array]:
    """Go along a sum of gradients in which old ones fade; the state is that sum, the velocity h.

    Examples
    --------
    >>> momentum_step([1.0], [1.0], None, 0.1, 0.9)
    (array([0.9]), array([1.]))
    """
    w, g = _checked(w, g, learning_rate=learning_rate, momentum=momentum)
    h = np.zeros_like(w) if state is None else state
    h = momentum * h + g
    return w - learning_rate * h, h


def nesterov_step(
    w: npt.ArrayLike, g: npt.ArrayLike, state: Array | None, learning_rate: float, momentum: float
) -> tuple[Array, Array]:
    """Momentum that looks ahead; the state is the velocity h.

    Examples
    --------
    >>> nesterov_step([1.0], [1.0], None, 0.1, 0.9)[0]
    array([0.81])
    """
    w, g = _checked(w, g, learning_rate=learning_rate, momentum=momentum)
    h = np.zeros_like(w) if state is None else state
    h = momentum * h + g
    return w - learning_rate * (g + momentum * h), h


def adagrad_step(
    w: npt.ArrayLike, g: npt.ArrayLike, state: Array | None, learning_rate: float, eps: float
) -> tuple[Array, Array]:
    """Give each weight a rate of its own; the state is the sum G of the squared gradients.

    Examples
    --------
    >>> adagrad_step([1.0], [4.0], None, 0.1, 1e-10)[0].round(9)
    array([0.9])
    """
    w, g = _checked(w, g, learning_rate=learning_rate, eps=eps)
    G = np.zeros_like(w) if state is None else state
    G = G + g**2
    return w - learning_rate * g / (np.sqrt(G) + eps), G


def rmsprop_step(
    w: npt.ArrayLike,
    g: npt.ArrayLike,
    state: Array | None,
    learning_rate: float,
    decay: float,
    eps: float,
) -> tuple[Array, Array]:
    """AdaGrad that forgets; the state is the fading mean v of the squared gradients.

    Examples
    --------
    >>> rmsprop_step([1.0], [4.0], None, 0.01, 0.99, 1e-8)[0].round(6)
    array([0.9])
    """
    w, g = _checked(w, g, learning_rate=learning_rate, decay=decay, eps=eps)
    v = np.zeros_like(w) if state is None else state
    v = decay * v + (1 - decay) * g**2
    return w - learning_rate * g / (np.sqrt(v) + eps), v


def adam_step(
    w: npt.ArrayLike,
    g: npt.ArrayLike,
    state: AdamState | None,
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[Array, AdamState]:
    """Momentum over RMSProp, both means corrected for their start at 0; the state is (t, m, v).

    Examples
    --------
    >>> adam_step([1.0], [4.0], None, 0.1, 0.9, 0.999, 1e-8)[0].round(6)
    array([0.9])
    """
    w, g = _checked(w, g, learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)
    t, m, v = (0, np.zeros_like(w), np.zeros_like(w)) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (t, m, v)


def adamw_step(
    w: npt.ArrayLike,
    g: npt.ArrayLike,
    state: AdamState | None,
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
) -> tuple[Array, AdamState]:
    """Adam's step from weights that have decayed first; the state is Adam's.

    Examples
    --------
    >>> adamw_step([1.0], [0.0], None, 0.1, 0.9, 0.999, 1e-8, 0.01)[0]
    array([0.999])
    """
    w, g = _checked(w, g, learning_rate=learning_rate, weight_decay=weight_decay)
    w = w - learning_rate * weight_decay * w
    return adam_step(w, g, state, learning_rate, beta1, beta2, eps)


def run(
    step: Callable[..., tuple[Any, Any]],
    gradient: Gradient,
    w0: npt.ArrayLike,
    steps: int,
    **options: Any,
) -> Array:
    """Repeat one step, and return every point of the way.

    Parameters
    ----------
    step : callable
        ``step(w, g, state, **options)`` gives the new w and the new state; state is None at first.
    gradient : callable
        Takes a point (read-only) and returns the gradient there, of the same shape.
    w0 : array_like of real numbers, shape (n,) or any other
        The start. It is not changed.
    steps : int
        How many steps to take, at least 0.
    **options
        The hyper-parameters of `step`.

    Returns
    -------
    numpy.ndarray of float64, shape (steps + 1, n)
        Row k is the point after k steps.

    Examples
    --------
    >>> run(momentum_step, lambda w: w, [1.0], 3, learning_rate=0.1, momentum=0.9).round(6)
    array([[1.   ],
           [0.9  ],
           [0.72 ],
           [0.486]])
    """
    w = as_float_array("w0", w0)
    path = np.empty((as_count("steps", steps) + 1, *w.shape))
    path[0] = w
    state = None
    for k in range(steps):
        g = gradient_at(gradient, path[k], k)
        try:
            with np.errstate(over="raise"):
                w, state = step(path[k].copy(), g, state, **options)
        except FloatingPointError as error:
            raise DivergenceError(f"{error}", k + 1) from None
        w = np.asarray(w, dtype=np.float64)
        same_shape("the new w", w, "w", path[k].shape)
        require_finite("`w`", w, k + 1)
        path[k + 1] = w
    return path


# --- the same methods, tuned ---------------------------------------------------------------------


class State(NamedTuple):
    """What an optimizer carries from step to step: the number of steps, and what it remembers.

    The vectors have the shape of the parameters; `Optimizer.remembers` names them.

    Examples
    --------
    >>> Momentum().init([1.0, 2.0])
    State(steps=0, memory=(array([0., 0.]),))
    """

    steps: int
    memory: Memory


@dataclass(frozen=True)
class Optimizer:
    """What all optimizers share; each one adds its hyper-parameters and its `_step`.

    Examples
    --------
    >>> rule = Momentum(learning_rate=0.1)
    >>> w, state = rule.update([1.0], [1.0], rule.init([1.0]))
    >>> w, state.steps
    (array([0.9]), 1)
    """

    #: What the vectors in the state are.
    vectors: ClassVar[tuple[str, ...]] = ()

    learning_rate: float = 0.01

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name in HYPER_PARAMETERS:
                HYPER_PARAMETERS[field.name](field.name, getattr(self, field.name))

    @property
    def remembers(self) -> tuple[str, ...]:
        """What the vectors in the state are."""
        return self.vectors

    def init(self, params: npt.ArrayLike) -> State:
        """State before the first step: zero steps, and zeros to remember.

        Examples
        --------
        >>> len(Adam().init([1.0, 2.0]).memory), len(Adam(amsgrad=True).init([1.0]).memory)
        (2, 3)
        """
        params = as_float_array("params", params)
        if params.ndim == 0:
            raise ValueError(f"`params` must be a vector, but it is one number; pass [{params}].")
        return State(0, tuple(np.zeros_like(params) for _ in self.remembers))

    def update(
        self, params: npt.ArrayLike, gradients: npt.ArrayLike, state: State
    ) -> tuple[Array, State]:
        """Take one step: new parameters and a new state from those before.

        Parameters and gradients have one shape; a network's go in as one flat vector. The state is
        that of `init`, or of the step before. Nothing that is handed in is changed.

        Examples
        --------
        >>> rule = GradientDescent(0.5)
        >>> rule.update([1.0, 2.0], [2.0, 0.0], rule.init([1.0, 2.0]))
        (array([0., 2.]), State(steps=1, memory=()))
        """
        w, g = _as_vector("params", params), _as_vector("gradients", gradients)
        same_shape("gradients", g, "params", w.shape)
        # One pass for both: what is not finite in either leaves no finite product.
        if not math.isfinite(np.vdot(w, g)):
            as_float_array("params", w), as_float_array("gradients", g)
        steps, memory = state
        fits = len(memory) == len(self.remembers)
        for vector in memory:
            fits = fits and vector.shape == w.shape
        if not fits:
            raise ValueError(
                f"`state` does not belong to {self!r} and `params` of shape {w.shape}; "
                "begin with init(params), and then hand in the state of the last update."
            )
        w, memory = self._step(w, g, steps + 1, memory)
        return w, State(steps + 1, memory)

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        """Return the new parameters and the new memory; `t` counts the steps from 1."""
        raise NotImplementedError


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Plain descent: w ← w − η·g.

    Examples
    --------
    >>> rule = GradientDescent(0.1)
    >>> rule.update([1.0, 2.0], [1.0, -1.0], rule.init([1.0, 2.0]))[0]
    array([0.9, 2.1])
    """

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        return w - self.learning_rate * g, ()


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Descent with a memory: see `momentum_step`.

    The share α of the old velocity that is kept, `momentum`, lies from 0 to below 1. A constant
    gradient ends up with steps 1/(1−α) times as long, one that alternates with 1/(1+α).

    Examples
    --------
    >>> rule = Momentum(0.1, momentum=0.9)
    >>> w, state = rule.update([1.0], [1.0], rule.init([1.0]))
    >>> rule.update(w, [1.0], state)[0].round(12)
    array([0.71])
    """

    momentum: float = 0.9
    vectors = ("velocity",)

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        (velocity,) = memory
        velocity = self.momentum * velocity
        velocity += g
        return w - self.learning_rate * velocity, (velocity,)


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks ahead: see `nesterov_step`.

    Examples
    --------
    >>> rule = Nesterov(0.1, momentum=0.9)
    >>> rule.update([1.0], [1.0], rule.init([1.0]))[0]
    array([0.81])
    """

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        (velocity,) = memory
        velocity = self.momentum * velocity
        velocity += g
        return w - self.learning_rate * (g + self.momentum * velocity), (velocity,)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """A rate for each parameter: see `adagrad_step`. ε, added outside the root, keeps it safe.

    Examples
    --------
    >>> rule = AdaGrad(0.1)
    >>> rule.update([1.0, 1.0], [1000.0, 0.001], rule.init([1.0, 1.0]))[0].round(6)
    array([0.9, 0.9])
    """

    eps: float = 1e-10
    vectors = ("sum of squares",)

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        (squares,) = memory
        squares = squares + g * g
        root = np.sqrt(squares)
        root += self.eps
        return w - self.learning_rate * g / root, (squares,)


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """AdaGrad that forgets: see `rmsprop_step`. The share ρ, `decay`, of the old mean is kept.

    Examples
    --------
    >>> rule = RMSProp(0.01)
    >>> rule.update([1.0], [3.0], rule.init([1.0]))[0].round(6)
    array([0.9])
    """

    decay: float = 0.99
    eps: float = 1e-8
    vectors = ("mean square",)

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        (square,) = memory
        square = self.decay * square
        square += (1 - self.decay) * g * g
        root = np.sqrt(square)
        root += self.eps
        return w - self.learning_rate * g / root, (square,)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum over RMSProp, both averages corrected for their start at zero: see `adam_step`.

    Attributes
    ----------
    beta1, beta2 : float
        The shares of the old averages that are kept, from 0 to below 1.
    eps : float
        The number ε, added outside the root.
    weight_decay : float
        The number λ, zero or more: λw is added to the gradient.
    amsgrad : bool
        Divide by the largest v so far instead of v, so that no rate grows again. It is taken before
        the correction, as PyTorch's program does (erratum E1.6).
    maximize : bool
        Climb instead of descending.

    Examples
    --------
    >>> rule = Adam(0.1)
    >>> rule.update([1.0, 1.0], [1000.0, 0.001], rule.init([1.0, 1.0]))[0].round(5)
    array([0.9, 0.9])
    """

    vectors = ("mean", "mean square", "largest mean square")
    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False
    maximize: bool = False

    @property
    def remembers(self) -> tuple[str, ...]:
        """What the vectors in the state are."""
        return self.vectors[: 3 if self.amsgrad else 2]

    def _step(self, w: Array, g: Array, t: int, memory: Memory) -> tuple[Array, Memory]:
        # As `adam_step` does, rearranged so that little passes over the vectors.
        w, g = self._decayed(w, -g if self.maximize else g)
        # In place on what is new: m + (1 − β₁)(g − m) and v + (1 − β₂)(g² − v).
        mean = g - memory[0]
        mean *= 1 - self.beta1
        mean += memory[0]
        square = g * g
        square -= memory[1]
        square *= 1 - self.beta2
        square += memory[1]
        averages: Memory = (mean, square)
        if self.amsgrad:
            square = np.maximum(square, memory[2])
            averages = (*averages, square)
        # Both corrections are numbers, so they are taken out of the vectors:
        # m̂/(√v̂ + ε) = (c₂/c₁)·m/(√v + c₂ε) with c₁ = 1 − β₁ᵗ and c₂ = √(1 − β₂ᵗ).
        c1, c2 = 1 - self.beta1**t, math.sqrt(1 - self.beta2**t)
        step = np.sqrt(square)
        step += c2 * self.eps
        np.divide(mean, step, step)
        step *= self.learning_rate * c2 / c1
        return np.subtract(w, step, step), averages

    def _decayed(self, w: Array, g: Array) -> tuple[Array, Array]:
        return w, (g + self.weight_decay * w if self.weight_decay else g)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with the decay kept out of the averages: see `adamw_step`.

    Examples
    --------
    >>> rule = AdamW(0.1, weight_decay=0.01)
    >>> rule.update([1.0], [0.0], rule.init([1.0]))[0]
    array([0.999])
    """

    weight_decay: float = 0.01

    def _decayed(self, w: Array, g: Array) -> tuple[Array, Array]:
        return (1 - self.learning_rate * self.weight_decay) * w, g


#: Every optimizer by name; a new one is a row here, and every test runs through it.
OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient descent": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}


def _as_share(name: str, value: float) -> None:
    if not as_positive(name, value, zero=True) < 1:
        raise ValueError(f"`{name}` must be below 1, but it is {value:g}.")


def _as_zero_or_more(name: str, value: float) -> None:
    as_positive(name, value, zero=True)


#: What each hyper-parameter must be.
HYPER_PARAMETERS: dict[str, Callable[[str, float], object]] = {
    "learning_rate": as_positive,
    "eps": as_positive,
    "weight_decay": _as_zero_or_more,
    "momentum": _as_share,
    "decay": _as_share,
    "beta1": _as_share,
    "beta2": _as_share,
}


def _checked(w: npt.ArrayLike, g: npt.ArrayLike, **hyper_parameters: float) -> tuple[Array, Array]:
    """Refuse what no step can use, and return w and g as float64 arrays of one shape."""
    for name, value in hyper_parameters.items():
        HYPER_PARAMETERS[name](name, value)
    w, g = as_float_array("w", w), as_float_array("g", g)
    same_shape("g", g, "w", w.shape)
    return w, g


def _as_vector(name: str, value: npt.ArrayLike) -> Array:
    """As `as_float_array`, but without a copy of what is right already: it is only read."""
    if type(value) is np.ndarray and value.dtype.char == "d":
        return value
    return as_float_array(name, value)


def optimize(optimizer: Optimizer, gradient: Gradient, w0: npt.ArrayLike, steps: int) -> Array:
    """Let an optimizer run, and return every point of the way.

    The arguments and the result are those of `run`, with an optimizer in the place of the step.

    Examples
    --------
    >>> optimize(GradientDescent(0.1), lambda w: 2 * w, [-3, 4], 100)[-1]
    array([-6.11110793e-10,  8.14814391e-10])
    """

    def step(w: Array, g: Array, state: State | None) -> tuple[Array, State]:
        return optimizer.update(w, g, optimizer.init(w) if state is None else state)

    return run(step, gradient, w0, steps)


def clip_by_norm(gradients: Sequence[npt.ArrayLike], limit: float) -> list[Array]:
    """Shorten all gradients by one factor, so that their common norm is at most `limit`.

    The gradients, arrays of any shapes, keep their direction, and are the same numbers if they are
    within the limit. None of those handed in is changed.

    Examples
    --------
    >>> clip_by_norm([[3.0], [4.0]], limit=1.0)
    [array([0.6]), array([0.8])]
    """
    limit = as_positive("limit", limit)
    arrays = [as_float_array(f"gradients[{i}]", g) for i, g in enumerate(gradients)]
    largest = max((float(np.max(np.abs(g), initial=0.0)) for g in arrays), default=0.0)
    if largest == 0:
        return arrays
    # In units of the largest number, so that no square overflows or vanishes.
    norm = largest * math.sqrt(sum(float(np.vdot(g / largest, g / largest)) for g in arrays))
    return arrays if norm <= limit else [g * (limit / norm) for g in arrays]
