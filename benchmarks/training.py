"""Steps of training, by nnlib and by those who do the same for a living.

Everybody starts from the same numbers, makes the same full-batch steps of plain gradient descent in
float64, works out the loss in each, and must arrive at the same numbers. On XOR with its four
samples the price of a call decides; `benchmarks.sizes` has larger networks.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.network import network
from benchmarks.race import Race, Run
from nnlib.datasets import xor_points
from nnlib.network import Network, flatten
from nnlib.training import train

RATE = 0.1


@dataclass(frozen=True)
class Work:
    """What is to be trained, on what, and for how many steps. The hidden units are logistic."""

    network: Network
    X: np.ndarray
    T: np.ndarray
    steps: int

    @property
    def logistic_output(self) -> bool:
        """Whether the outputs are logistic, too; else they are the sums themselves."""
        return self.network.activations[-1] == "logistic"

    def layers(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return weights and biases of each layer, to be written to."""
        biases = self.network.biases or ()
        return [(W.copy(), b.copy()) for W, b in zip(self.network.weights, biases, strict=True)]


def joined(layers: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """All parameters in one vector, in the order of `nnlib.network.flatten`."""
    return np.concatenate([np.ravel(part) for layer in layers for part in layer])


def ours(work: Work) -> Run:
    """Train with every check that nnlib makes: each step is looked at for infinities."""
    return lambda: flatten(
        train(
            work.network, work.X, work.T, steps=work.steps, learning_rate=RATE, progress=False
        ).network
    )


def bare(work: Work) -> Run:
    """Call NumPy as often as the step needs and do nothing else: the bound.

    Written out for two layers, into arrays that are there already wherever NumPy can, without a
    check, without a name for anything.
    """
    X, T, n = work.X, work.T, len(work.X)

    def logistic(z: np.ndarray) -> None:
        np.negative(z, z)
        np.exp(z, z)
        np.add(z, 1.0, z)
        np.reciprocal(z, z)

    def run() -> np.ndarray:
        (W1, b1), (W2, b2) = layers = work.layers()
        losses = []
        for _ in range(work.steps):
            h = X @ W1
            h += b1
            logistic(h)
            y = h @ W2
            y += b2
            if work.logistic_output:
                logistic(y)
            delta = y - T
            losses.append(0.5 * np.vdot(delta, delta) / n)
            delta *= RATE / n
            if work.logistic_output:
                delta *= y
                np.subtract(1.0, y, y)
                delta *= y
            hidden = delta @ W2.T
            W2 -= h.T @ delta
            b2 -= np.add.reduce(delta)
            hidden *= h
            np.subtract(1.0, h, h)
            hidden *= h
            W1 -= X.T @ hidden
            b1 -= np.add.reduce(hidden)
        return joined(layers)

    return run


def torch_eager(work: Work) -> Run:
    """The same network and rule, as torch's tutorials write them, on one thread."""
    import torch

    torch.set_num_threads(1)
    X, T = torch.tensor(work.X), torch.tensor(work.T)

    def run() -> np.ndarray:
        layers, parts = [], []
        for W, b in work.layers():
            layer = torch.nn.Linear(*W.shape)
            layer.weight.data, layer.bias.data = torch.tensor(W.T.copy()), torch.tensor(b)
            layers.append(layer)
            parts += [layer, torch.nn.Sigmoid()]
        model = torch.nn.Sequential(*(parts if work.logistic_output else parts[:-1]))
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
        for _ in range(work.steps):
            optimizer.zero_grad()
            loss = 0.5 * ((model(X) - T) ** 2).sum() / len(X)
            loss.backward()
            optimizer.step()
        return joined(
            [(one.weight.detach().numpy().T, one.bias.detach().numpy()) for one in layers]
        )

    return run


def loss_in(numpy: Any, work: Work) -> Callable:
    """The loss as a function of the layers, in a library that looks like NumPy."""

    def loss(layers: list[tuple[Any, Any]]) -> Any:
        (W1, b1), (W2, b2) = layers
        h = 1.0 / (1.0 + numpy.exp(-(work.X @ W1 + b1)))
        y = h @ W2 + b2
        if work.logistic_output:
            y = 1.0 / (1.0 + numpy.exp(-y))
        return 0.5 * numpy.sum((y - work.T) ** 2) / len(work.X)

    return loss


def hips_autograd(work: Work) -> Run:
    """The loss written in NumPy, and its derivative found while it runs."""
    import autograd
    import autograd.numpy

    slopes_of = autograd.value_and_grad(loss_in(autograd.numpy, work))

    def run() -> np.ndarray:
        layers = work.layers()
        for _ in range(work.steps):
            _, slopes = slopes_of(layers)
            layers = [
                (W - RATE * dW, b - RATE * db)
                for (W, b), (dW, db) in zip(layers, slopes, strict=True)
            ]
        return joined(layers)

    return run


def optax(work: Work) -> Run:
    """One step, compiled before the race; Python calls it once for each."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    rule = optax.sgd(RATE)
    slopes_of = jax.value_and_grad(loss_in(jax.numpy, work))

    @jax.jit
    def step(layers: Any, state: Any) -> Any:
        loss, slopes = slopes_of(layers)
        moves, state = rule.update(slopes, state, layers)
        return optax.apply_updates(layers, moves), state, loss

    def run() -> np.ndarray:
        layers = jax.device_put(work.layers())
        state = rule.init(layers)
        for _ in range(work.steps):
            layers, state, _ = step(layers, state)
        return joined([(np.asarray(W), np.asarray(b)) for W, b in layers])

    return run


def scikit_learn(work: Work) -> Run:
    """Its regressor, told to do without momentum, penalty, shuffling and stopping."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

    assert not work.logistic_output, "its outputs are the sums themselves"
    T = work.T if work.T.shape[1] > 1 else work.T.ravel()

    def run() -> np.ndarray:
        model = MLPRegressor(
            hidden_layer_sizes=(work.network.weights[0].shape[1],),
            activation="logistic",
            solver="sgd",
            alpha=0.0,
            batch_size=len(work.X),
            learning_rate_init=RATE,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=work.steps,
            n_iter_no_change=work.steps + 1,
            tol=0.0,
            shuffle=False,
            warm_start=True,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            # The only way to give it numbers to start from: one step from numbers of its own.
            model.partial_fit(work.X, T)
            model.coefs_, model.intercepts_ = map(list, zip(*work.layers(), strict=True))
            model._optimizer = None
            model.fit(work.X, T)
        return joined(list(zip(model.coefs_, model.intercepts_, strict=True)))

    return run


def micrograd(work: Work) -> Run:
    """The same with micrograd's values, one number at a time."""
    from micrograd.engine import Value

    def logistic_value(x: Value) -> Value:
        """One node, made as micrograd makes its relu."""
        y = 1.0 / (1.0 + math.exp(-x.data))
        out = Value(y, (x,), "logistic")

        def backward() -> None:
            x.grad += y * (1.0 - y) * out.grad

        out._backward = backward
        return out

    X, T = work.X.tolist(), work.T.tolist()

    def run() -> np.ndarray:
        layers = [
            ([[Value(w) for w in row] for row in W.T.tolist()], [Value(one) for one in b.tolist()])
            for W, b in work.layers()
        ]
        bends = [logistic_value, logistic_value if work.logistic_output else lambda x: x]
        every = [one for W, b in layers for one in (*(w for row in W for w in row), *b)]
        for _ in range(work.steps):
            loss = Value(0.0)
            for x, t in zip(X, T, strict=True):
                units = [Value(one) for one in x]
                for (W, b), bend in zip(layers, bends, strict=True):
                    units = [
                        bend(sum((w * u for w, u in zip(row, units, strict=True)), bias))
                        for row, bias in zip(W, b, strict=True)
                    ]
                for unit, target in zip(units, t, strict=True):
                    loss = loss + (unit + -target) ** 2
            loss = loss * (0.5 / len(X))
            for one in every:
                one.grad = 0
            loss.backward()
            for one in every:
                one.data -= RATE * one.grad
        return joined(
            [
                (
                    np.array([[w.data for w in row] for row in W]).T,
                    np.array([one.data for one in b]),
                )
                for W, b in layers
            ]
        )

    return run


BARE = "the bare NumPy calls"
XOR = Work(
    network(2, 3, 2, hidden="logistic", output="logistic"),
    *(np.asarray(one, dtype=float) for one in xor_points()[:2]),
    steps=100,
)

#: The aim is a share of the bound. What `train` adds to the bare calls has its price: a guard for
#: the exponential, a record of the loss, and two looks for infinities in each step.
RACES = [
    Race(
        name="a training step of a 2-3-2 net on XOR",
        ours=partial(ours, XOR),
        peers={
            "torch eager": partial(torch_eager, XOR),
            "micrograd": partial(micrograd, XOR),
            "HIPS autograd": partial(hips_autograd, XOR),
            "optax, compiled": partial(optax, XOR),
            BARE: partial(bare, XOR),
        },
        target={"torch eager": 7.0, BARE: 0.6},
        bound=BARE,
        steps=XOR.steps,
    ),
]
