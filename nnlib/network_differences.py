"""The gradients of a network by differences, fast: what a backward pass is checked against.

`nnlib.differentiation.numerical_gradient` does the same for any function, a number at a time. Here
many weights move at once. Nothing else in the library rests on it; chapter 5 uses it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nnlib._validation import Array, as_positive
from nnlib.losses import PENALTIES
from nnlib.network import (
    Gradients,
    Layer,
    Network,
    Task,
    as_task,
    flatten,
    forward_pass,
    split,
)

#: How many numbers to work on in one batch: they should stay in the processor's cache.
BATCH = 2**16


def numerical_gradients(
    network: Network,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    loss: str = "half squared error",
    *,
    l1: float = 0.0,
    l2: float = 0.0,
    h: float = 1e-5,
) -> Gradients:
    """Gradients by central differences: from function values alone, so a check of `backward`.

    Nothing is looped over one parameter at a time. Copies of a small network, each with one
    parameter moved, run in one batch. In a large one, a weight into unit j of a layer moves the z
    of that unit alone, by h times the weight's input: all else up to there is used again.

    The arguments are those of `nnlib.network.loss_and_gradients`, and h, the step to each side. The
    gradients have no deltas.

    Examples
    --------
    >>> from nnlib.network import network_3_2_1
    >>> numerical_gradients(network_3_2_1(), [-1, -1, -1], [-1]).weights[1].round(9).ravel()
    array([0.07852894, 0.15365191])
    """
    task, h = as_task(network, X, T, loss, l1=l1, l2=l2), as_positive("h", h)
    vector = flatten(network)
    copies = 2 * vector.size * max(vector.size, len(task.X) * max(network.sizes))
    slopes = _slopes_of_copies if copies <= BATCH else _slopes_by_layer
    weights, biases = split(network, slopes(network.layers, vector, task, h))
    for name, price in task.prices.items():
        value = PENALTIES[name].value
        for W, dW in zip(network.weights, weights, strict=True):
            dW += price * (value(W + h) - value(W - h)) / (2 * h)
    return Gradients(weights, biases)


def _slopes_of_copies(layers: Sequence[Layer], vector: Array, task: Task, h: float) -> Array:
    """Central differences from copies of the network: a row of `moved` is a network."""
    above, below = moved = np.tile(vector, (2, vector.size, 1))
    np.fill_diagonal(above, vector + h)
    np.fill_diagonal(below, vector - h)
    moved = moved.reshape(-1, vector.size)
    outputs, start = task.X, 0
    for W, b, f in layers:
        outputs = outputs @ moved[:, start : start + W.size].reshape(-1, *W.shape)
        start += W.size
        if b is not None:
            outputs += moved[:, None, start : start + b.size]
            start += b.size
        outputs = f.value(outputs)
    losses: Array = task.rule.per_row(outputs, task.T).sum(axis=-1)
    return (losses[: vector.size] - losses[vector.size :]) / (2 * h * len(task.X))


def _slopes_by_layer(layers: Sequence[Layer], vector: Array, task: Task, h: float) -> Array:
    """Central differences, a batch of weights of one layer at a time."""
    passed = forward_pass(layers, task.X)
    z, outputs = passed.z, (passed.inputs, *passed.outputs)
    parts = []
    for k, layer in enumerate(layers):
        next_width = layers[min(k + 1, len(layers) - 1)].W.shape[1]
        size = max(8, BATCH // (2 * len(task.X) * next_width))
        count = layer.W.size + (0 if layer.b is None else layer.b.size)
        for start in range(0, count, size):
            some = np.arange(start, min(start + size, count))
            parts.append(_slopes(layers, k, some, z, outputs, task, h))
    return np.concatenate(parts)


def _slopes(
    layers: Sequence[Layer],
    k: int,
    some: npt.NDArray[np.intp],
    z: Sequence[Array],
    outputs: Sequence[Array],
    task: Task,
    h: float,
) -> Array:
    """Central differences for some weights of layer k, counted in reading order.

    A bias is counted as a weight, in a row below the others, whose input is always 1. The axes
    are: unit of the next layer (first in memory, so that the long axes are the inner loops),
    sign of the step, sample, weight.
    """
    i, j = np.divmod(some, layers[k].W.shape[1])
    inputs = np.column_stack([outputs[k], np.ones(len(task.X))])[:, i]
    moved = layers[k].activation.value(z[k][:, j] + h * np.array([inputs, -inputs]))
    change = moved - outputs[k + 1][:, j]
    if k + 1 == len(layers):
        result = _columns(np.eye(outputs[-1].shape[1]), j) * change
        result += outputs[-1].T[:, None, :, None]
    else:
        result = _columns(layers[k + 1].W, j) * change
        result += z[k + 1].T[:, None, :, None]
        result = layers[k + 1].activation.value(result)
    result = result.transpose(1, 2, 3, 0)
    if k + 2 < len(layers):
        rows = result.reshape(-1, result.shape[-1])
        result = forward_pass(layers[k + 2 :], rows).output.reshape(*result.shape[:-1], -1)
    plus, minus = task.rule.per_row(result, task.T[:, None])
    slopes: Array = (plus - minus).sum(axis=0) / (2 * h * len(task.X))
    return slopes


def _columns(W: Array, j: npt.NDArray[np.intp]) -> Array:
    """Rows j of W as columns, with axes for the sign and the sample between."""
    return np.ascontiguousarray(W[j].T)[:, None, None]
