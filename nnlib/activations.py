"""The functions at the end of every layer, and their slopes (chapters 4 and 5).

Each is one row of a table. Its slope is written as a function of the *output* y: a forward pass
has y at hand, and a function of y needs no exponential. Passing z instead is the classic slip:
at z = 2 the bipolar logistic slope is then −1.5 and not 0.21 (erratum E0.9).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_float_array, choose


@dataclass(frozen=True)
class Activation:
    """A function applied to every number of a layer.

    Attributes
    ----------
    name, formula : str
        As tables list it and as the book prints it (TeX, in z).
    value, derivative : callable
        From an array z to one of its shape (complex z are welcome); from the *output* y to dy/dz.
    range : tuple of two floats
        Bounds of the output.

    Examples
    --------
    >>> bipolar_logistic([0.0, 2.0]).round(6)
    array([0.      , 0.761594])
    >>> round(bipolar_logistic.slope(2.0), 6)
    0.209987
    """

    name: str
    formula: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    range: tuple[float, float]

    def __call__(self, z: npt.ArrayLike) -> float | Array:
        """Value at `z`, real numbers of any shape.

        Examples
        --------
        >>> logistic(0)
        0.5
        """
        return _plain(self.value(as_float_array("z", z)))

    def slope(self, z: npt.ArrayLike) -> float | Array:
        """Derivative at `z`, real numbers of any shape; it takes the value on the way.

        Examples
        --------
        >>> logistic.slope([0, 1000])
        array([0.25, 0.  ])
        """
        return _plain(self.derivative(self.value(as_float_array("z", z))))


#: exp(-z) overflows below about z = -709.78; the logistic is 1e-308 there, and flat.
LEAST_EXPONENT = -709.0

#: σ(z), between 0 and 1. S0 calls the next one by this name, and gives it the range of σ(z) − ½.
logistic = Activation(
    name="logistic",
    formula=r"\frac{1}{1+e^{-z}}",
    value=lambda z: 1.0 / (1.0 + np.exp(-np.maximum(z, LEAST_EXPONENT))),
    derivative=lambda y: y * (1.0 - y),
    range=(0.0, 1.0),
)

#: S0's 2/(1+exp(−z)) − 1 in a form that cannot overflow: 2σ(z) − 1 = tanh(z/2).
bipolar_logistic = Activation(
    name="bipolar logistic",
    formula=r"\frac{2}{1+e^{-z}}-1",
    value=lambda z: np.tanh(0.5 * z),
    derivative=lambda y: 0.5 * (1.0 + y) * (1.0 - y),
    range=(-1.0, 1.0),
)

tanh = Activation(
    name="tanh",
    formula=r"\tanh z",
    value=np.tanh,
    derivative=lambda y: (1.0 + y) * (1.0 - y),
    range=(-1.0, 1.0),
)

#: The slope at the corner z = 0 is a matter of choice; 0 is the usual one.
relu = Activation(
    name="relu",
    formula=r"\max(z, 0)",
    value=lambda z: np.maximum(z, 0.0),
    derivative=lambda y: np.heaviside(y, 0.0),
    range=(0.0, np.inf),
)

identity = Activation(
    name="identity",
    formula="z",
    value=np.positive,
    derivative=np.ones_like,
    range=(-np.inf, np.inf),
)

ACTIVATIONS = {row.name: row for row in (logistic, bipolar_logistic, tanh, relu, identity)}

#: Other names in use for the same functions.
ALIASES = {"sigmoid": logistic, "linear": identity}


def activation_named(name: str) -> Activation:
    """Look an activation up by its name, or by another name in use for it.

    Examples
    --------
    >>> activation_named("sigmoid") is activation_named("logistic") is logistic
    True
    """
    return choose("activation", name, ACTIVATIONS | ALIASES)


def log_softmax(z: npt.ArrayLike) -> Array:
    """Logarithms of the softmax probabilities along the last axis of `z`, of shape (..., k).

    Subtracting the largest number first changes nothing but keeps every exponential at most 1;
    taking the logarithm here, and not of a probability that may have been rounded to 0, keeps
    every logarithm finite. So nothing has to be added inside the logarithm (erratum E4.7).

    Examples
    --------
    >>> log_softmax([1000, 0, -1000])
    array([    0., -1000., -2000.])
    """
    return log_softmax_of(_logits(z))


def softmax(z: npt.ArrayLike) -> Array:
    """Positive numbers that add up to 1 along the last axis, in the ratios exp(z).

    Any real numbers ("logits") of shape (..., k) will do; the result has their shape.

    Examples
    --------
    >>> softmax([0, np.log(3)])
    array([0.25, 0.75])
    """
    return softmax_of(_logits(z))


def _logits(z: npt.ArrayLike) -> Array:
    array = as_float_array("z", z)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(
            f"`z` must hold one number or more along its last axis, but its shape is {array.shape}."
        )
    return array


def log_softmax_of(z: Array) -> Array:
    """As `log_softmax`, without a look at the argument.

    Examples
    --------
    >>> log_softmax_of(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    below_top: Array = z - z.max(axis=-1, keepdims=True)
    log_sum: Array = np.log(np.exp(below_top).sum(axis=-1, keepdims=True))
    return below_top - log_sum


def softmax_of(z: Array) -> Array:
    """As `softmax`, without a look at the argument.

    Examples
    --------
    >>> softmax_of(np.zeros(2))
    array([0.5, 0.5])
    """
    probabilities: Array = np.exp(log_softmax_of(z))
    return probabilities


def _plain(value: Array) -> float | Array:
    """A Python float instead of a 0-d array."""
    return float(value) if value.ndim == 0 else value
