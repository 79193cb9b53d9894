"""How wrong a network is, as one number (chapters 2 and 4).

One convention holds for the whole package: samples lie in rows, and

    loss = mean over the rows of the loss of a row  +  penalties.

So the number of samples is divided by once, here, in the loss *and* in its gradient. The loss of
one sample is the loss of a batch of one, which is S0's e²/2. S3 divides the loss by n but not the
gradient (erratum E3.7): its gradient is n times ours, and our learning rate is n times its rate.
S3's penalty λ/(2n)·ΣW² is ours with ``l2 = λ/n``.

Penalties are on weights only, never on biases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_float_array, as_positive, choose, same_shape
from nnlib.activations import log_softmax_of, softmax_of


@dataclass(frozen=True)
class Loss:
    """A loss: what one row costs, and the slope of that.

    Attributes
    ----------
    name, formula : str
        As tables list it and as the book prints it (TeX; y is the output, t the target, of a row).
    per_row : callable
        From outputs (..., k) and targets (..., k) to the losses of the rows (...).
    row_gradient : callable
        From the same arguments to the derivatives by the outputs, shape (..., k).
    targets : str
        What targets may be: "numbers" or "probabilities".

    Examples
    --------
    >>> half_squared_error([[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0], [3.0, 3.0]])
    0.5
    >>> half_squared_error.gradient([[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0], [3.0, 3.0]])
    array([[0. , 0.5],
           [0. , 0.5]])
    """

    name: str
    formula: str
    per_row: Callable[[Array, Array], Array]
    row_gradient: Callable[[Array, Array], Array]
    targets: str = "numbers"

    def __call__(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Mean loss over the rows: outputs and targets of shape (n, k), or (k,) for one sample.

        For the cross-entropy, whole numbers of shape (n,) (or one) are labels.

        Examples
        --------
        >>> mean_squared_error([[1], [2], [3]], [[1.1], [1.9], [3.2]])
        0.020000000000000035
        """
        y, t = _rows(self, outputs, targets)
        return float(self.per_row(y, t).mean())

    def gradient(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> Array:
        """Derivatives of the mean loss by the outputs, in their shape.

        Examples
        --------
        >>> cross_entropy.gradient([[0.0, 0.0], [0.0, 0.0]], [0, 1])
        array([[-0.25,  0.25],
               [ 0.25, -0.25]])
        """
        y, t = _rows(self, outputs, targets)
        return (self.row_gradient(y, t) / len(y)).reshape(np.shape(outputs))


#: The loss of S0, S2 and S3. The ½ is there so that the derivative is the plain error y − t.
half_squared_error = Loss(
    name="half squared error",
    formula=r"\tfrac12 \sum_k (y_k - t_k)^2",
    per_row=lambda y, t: 0.5 * ((y - t) ** 2).sum(axis=-1),
    row_gradient=lambda y, t: y - t,
)

#: The formula of S0's algorithm: no ½, so its gradients are twice those above (erratum E0.14).
mean_squared_error = Loss(
    name="mean squared error",
    formula=r"\sum_k (y_k - t_k)^2",
    per_row=lambda y, t: ((y - t) ** 2).sum(axis=-1),
    row_gradient=lambda y, t: 2.0 * (y - t),
)

#: Of softmax(y) against the target probabilities t; the outputs y are logits, any real numbers.
cross_entropy = Loss(
    name="cross-entropy",
    formula=r"-\sum_k t_k \log \operatorname{softmax}(y)_k",
    per_row=lambda y, t: -(t * log_softmax_of(y)).sum(axis=-1),
    row_gradient=lambda y, t: softmax_of(y) - t,
    targets="probabilities",
)

LOSSES = {row.name: row for row in (half_squared_error, mean_squared_error, cross_entropy)}


def loss_named(name: str) -> Loss:
    """Look a loss up by its name, a key of `LOSSES`.

    Examples
    --------
    >>> loss_named("cross-entropy") is cross_entropy
    True
    """
    return choose("loss", name, LOSSES)


@dataclass(frozen=True)
class Penalty:
    """A price on large weights, elementwise; the penalty is its sum over all weights.

    Attributes
    ----------
    name, formula : str
        As tables list it and as the book prints it (TeX).
    value, derivative : callable
        From an array of weights to an array of its shape.

    Examples
    --------
    >>> W = np.array([-2.0, 0.0])
    >>> PENALTIES["l1"].value(W), PENALTIES["l1"].derivative(W)
    (array([2., 0.]), array([-1.,  0.]))
    """

    name: str
    formula: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


PENALTIES = {
    row.name: row
    for row in (
        Penalty("l2", r"\tfrac12 \sum W^2", value=lambda W: 0.5 * W**2, derivative=np.positive),
        Penalty("l1", r"\sum |W|", value=np.abs, derivative=np.sign),
    )
}


def loss_gradient(W: npt.ArrayLike, x: npt.ArrayLike, t: npt.ArrayLike) -> Array:
    """Derivatives of the mean cross-entropy of the logits z = x·W by the weights.

    Parameters
    ----------
    W : array_like of real numbers, shape (m, k)
    x : array_like of real numbers, shape (n, m), or (m,) for a single sample
    t : array_like of real numbers, shape (n, k), or (k,)
        Target probabilities; or labels, whole numbers of shape (n,) (or one).

    Returns
    -------
    numpy.ndarray of float64, shape (m, k)
        The average over the samples of the outer product of x and softmax(z) − t.

    Examples
    --------
    >>> loss_gradient([[0.0, 0.0], [0.0, 0.0]], [1.0, 2.0], [0, 1])
    array([[ 0.5, -0.5],
           [ 1. , -1. ]])
    """
    W = as_float_array("W", W, ndim=2)
    x = as_float_array("x", x)
    if x.ndim not in (1, 2) or x.shape[-1] != len(W):
        raise ValueError(
            f"`x` must have shape (n, {len(W)}), or ({len(W)},), to go with `W` of shape "
            f"{W.shape}, but it is {x.shape}."
        )
    slopes = cross_entropy.gradient(x @ W, t)
    return np.atleast_2d(x).T @ np.atleast_2d(slopes)


def penalty(weights: Sequence[npt.ArrayLike], *, l1: float = 0.0, l2: float = 0.0) -> float:
    """Return l1·Σ|W| + ½·l2·ΣW², over all weights: one array for each layer, without the biases.

    Examples
    --------
    >>> penalty([[[3.0, -4.0]]], l2=0.1), penalty([[[3.0, -4.0]]], l1=0.1)
    (1.25, 0.7000000000000001)
    """
    arrays = [as_float_array(f"weights[{i}]", W) for i, W in enumerate(weights)]
    return priced(arrays, prices(l1=l1, l2=l2))


def penalty_gradient(
    weights: Sequence[npt.ArrayLike], *, l1: float = 0.0, l2: float = 0.0
) -> list[Array]:
    """Derivatives of `penalty`: l1·sign(W) + l2·W, an array for each layer.

    S3's program adds one number, λ·ΣW², to the gradient of every weight instead (erratum E3.6):
    all weights are pushed down together, ever faster, and the loss blows up late in the run.

    Examples
    --------
    >>> penalty_gradient([[[3.0, -4.0]]], l2=0.5)
    [array([[ 1.5, -2. ]])]
    """
    arrays = [as_float_array(f"weights[{i}]", W) for i, W in enumerate(weights)]
    return [priced_gradient(W, prices(l1=l1, l2=l2)) for W in arrays]


def prices(*, l1: float, l2: float) -> dict[str, float]:
    """Penalties that are switched on, with their strengths.

    Examples
    --------
    >>> prices(l1=0.0, l2=0.1)
    {'l2': 0.1}
    """
    given = {"l1": as_positive("l1", l1, zero=True), "l2": as_positive("l2", l2, zero=True)}
    return {name: strength for name, strength in given.items() if strength}


def priced(weights: Sequence[Array], prices: dict[str, float]) -> float:
    """Sum of the penalties on all weights.

    Examples
    --------
    >>> priced([np.array([3.0, -4.0])], {"l2": 0.1})
    1.25
    """
    return sum(
        price * float(PENALTIES[name].value(W).sum())
        for name, price in prices.items()
        for W in weights
    )


def priced_gradient(W: Array, prices: dict[str, float]) -> Array:
    """Derivatives of the penalties by the weights of one layer.

    Examples
    --------
    >>> priced_gradient(np.array([3.0, -4.0]), {"l2": 0.5})
    array([ 1.5, -2. ])
    """
    gradient = np.zeros_like(W)
    for name, price in prices.items():
        gradient += price * PENALTIES[name].derivative(W)
    return gradient


def _rows(rule: Loss, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Array, Array]:
    y = as_float_array("outputs", outputs)
    if y.ndim not in (1, 2) or not y.size:
        raise ValueError(
            f"`outputs` must have shape (n, k), or (k,) for a single sample, but it is {y.shape}."
        )
    return np.atleast_2d(y), np.atleast_2d(as_targets(rule, targets, y.shape))


def as_targets(rule: Loss, targets: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    """Targets as a float64 array of the outputs' `shape`; labels become rows of 0 and 1.

    Soft targets stay as they are (erratum E4.13), if each row is one of probabilities.

    Examples
    --------
    >>> as_targets(cross_entropy, [2, 0], (2, 3))
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    if rule.targets == "probabilities" and np.shape(targets) == shape[:-1]:
        return _one_hot(np.asarray(targets), shape[-1])
    t = as_float_array("targets", targets)
    same_shape("targets", t, "outputs", shape)
    if rule.targets == "probabilities":
        wrong = np.atleast_1d((t < 0).any(axis=-1) | (np.abs(t.sum(axis=-1) - 1.0) > 1e-9))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ValueError(
                f"Each row of `targets` must be probabilities (zero or more, with sum 1), but "
                f"row {row} is {np.atleast_2d(t)[row]}. Labels are whole numbers, one for each row."
            )
    return t


def _one_hot(labels: npt.NDArray[np.generic], classes: int) -> Array:
    if labels.dtype.kind not in "ui":
        raise TypeError(
            f"`targets` must be labels (whole numbers) or rows of {classes} probabilities, but "
            f"its shape is {labels.shape} and its dtype {labels.dtype}."
        )
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"Labels in `targets` must lie between 0 and {classes - 1}, "
            f"but they go from {labels.min()} to {labels.max()}."
        )
    return np.eye(classes)[labels.astype(np.intp)]
