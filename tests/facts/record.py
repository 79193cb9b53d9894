"""Run the sources' long training stories once, and record them in recorded.json.

    python tests/facts/record.py            all stories, on as many processes as there are cores
    python tests/facts/record.py F3.54 ...  only these

The tests compare the record with the facts, and re-run the first PREFIX steps of each story to
show that the code still does what was recorded.
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from nnlib import datasets
from nnlib.gradient_descent import DivergenceError
from nnlib.network import (
    Network,
    accuracy,
    flatten,
    loss_and_gradients,
    network_2_3_2,
    network_3_2_1,
    predict,
)
from nnlib.training import drawn, train

RECORDED = Path(__file__).with_name("recorded.json")
PREFIX = 300


# --- S0: the 3-2-1 network ----------------------------------------------------------------------


def f(x):
    return 2 / (1 + np.exp(-x)) - 1


def df(y):
    return 0.5 * (1 + y) * (1 - y)


def as_printed(W1, W2, rows, rate, draws):
    """S0's loop with its dashes repaired: W2 moves before the hidden deltas are made (E0.4)."""
    W1, W2 = W1.copy(), W2.copy()
    for k in draws:
        *x, target = rows[k]
        out = f(np.dot(W1, x))
        y = f(np.dot(W2, out))
        delta = (y - target) * df(y)
        W2[0] = W2[0] - rate * delta * out[0]
        W2[1] = W2[1] - rate * delta * out[1]
        delta2 = W2 * delta * df(out)
        W1[0, :] = W1[0, :] - np.array(x) * delta2[0] * rate
        W1[1, :] = W1[1, :] - np.array(x) * delta2[1] * rate
    return W1, W2


@dataclass(frozen=True)
class Eight:
    """A run of S0's network: single samples drawn by `seed`, or all samples if that is None."""

    rate: float = 0.001
    seed: int | None = 0
    printed: bool = False
    biases: bool = False
    original: bool = False
    marks: tuple[int, ...] = (100_000,)

    def follow(self, marks: tuple[int, ...]) -> dict[str, Any]:
        data = datasets.eight_samples(original=self.original)
        draws = None if self.seed is None else drawn(8, np.random.RandomState(self.seed))
        rows = datasets.ORIGINAL_ROWS if self.original else datasets.PRINTED_ROWS
        net, at, entries = network_3_2_1(biases=self.biases), 0, {}
        for mark in marks:
            if self.printed:
                few = [int(next(draws)[0]) for _ in range(mark - at)]
                W1, W2 = as_printed(net.weights[0].T, net.weights[1][:, 0], rows, self.rate, few)
                net = Network((W1.T, W2[:, None]), None, net.activations)
            else:
                options = {"batches": draws, "record_every": 10**9, "progress": False}
                run = train(
                    net, data.X, data.T, steps=mark - at, learning_rate=self.rate, **options
                )
                net = run.network
            at = mark
            outputs = predict(net, data.X)
            entries[str(mark)] = {
                "outputs": outputs.ravel().tolist(),
                "sum of e²": float(np.sum((outputs - data.T) ** 2)),
                "signs": int(np.sum(np.sign(outputs) == data.T)),
                "parameters": flatten(net).tolist(),
            }
        return entries


# --- S3: the 2-3-2 network ----------------------------------------------------------------------


@dataclass(frozen=True)
class ScalarSlip:
    """Descent with S3's wrong regulariser: one number, λ·ΣW², for all weights of a layer (E3.6).

    It sees mean gradients, so the rate is n times S3's and the strength λ/n. The true regulariser
    is already in them, because the loss is to include it; so that is taken out again.
    """

    rate: Callable[[int], float]
    strength: float
    sizes: tuple[int, ...]

    def init(self, params):
        return 0

    def update(self, params, gradients, step):
        layers = np.split(params, np.cumsum(self.sizes)[:-1])
        slip = [np.full(W.size, self.strength * np.sum(W**2)) for W in layers]
        wrong = gradients - self.strength * params + np.concatenate(slip)
        return params - self.rate(step) * wrong, step + 1


@dataclass(frozen=True)
class Lego:
    """A run of S3's network: rate and λ as S3 has them, its gradients summed over the n samples."""

    hidden: int = 50
    rate: float = 0.003
    strength: float = 0.0
    slip: bool = False
    biases: bool = False
    seed: int = 2017
    n: int = 50
    l1: float = 0.0
    decay: float = 0.0  # the rate is divided by 1 + decay·step
    every: int = 500  # the grid on which rises and the minimum of the loss are looked for
    watch: int = 0  # look for the best accuracy after every so many steps, too
    grid: bool = False  # measure on the plane, too
    marks: tuple[int, ...] = (99_999, 499_999, 999_999)

    def follow(self, marks: tuple[int, ...]) -> dict[str, Any]:
        data = datasets.xor_quadrants()
        X, T = data.X[: self.n], data.T[: self.n]
        net = network_2_3_2(self.hidden, seed=self.seed, biases=self.biases)
        at, entries, lowest, rises, best = 0, {}, (0, np.inf), 0, 0.0
        # In pieces: what a run saw before it diverges is kept.
        for stop in sorted({*marks, *range(0, marks[-1], self.watch or 2 * self.every)}):
            try:
                run = train(net, X, T, steps=stop - at, **self.options(net, at))
            except DivergenceError as error:
                entries["diverged"] = {"step": at + error.step, "message": str(error)}
                break
            net = run.network
            rises += int(np.sum(np.diff(run.losses) > 0))
            where = int(np.argmin(run.losses))
            if run.losses[where] < lowest[1]:
                lowest = (at + int(run.steps[where]), float(run.losses[where]))
            at = stop
            if self.watch or stop in marks:
                right = accuracy(net, data.X, data.labels)
                best = max(best, right)
            if stop not in marks:
                continue
            entries[str(stop)] = {
                "loss": float(run.losses[-1]),
                "accuracy of 300": right,
                "accuracy of 50": accuracy(net, data.X[:50], data.labels[:50]),
                "mean of W1": float(net.weights[0].mean()),
                "norm": float(np.linalg.norm(flatten(net))),
                **self.norms(net, X, T),
            }
            if self.grid and at > PREFIX:
                plane = {"fresh": fresh_accuracy(net), "straight": straightness(net)}
                entries[str(stop)] |= plane
        entries |= {"lowest": {"step": lowest[0], "loss": lowest[1]}, "rises": rises}
        return entries | ({"best": best} if self.watch else {})

    def options(self, net: Network, at: int) -> dict[str, Any]:
        def rate(step):
            return self.n * self.rate / (1 + self.decay * (at + step))

        strength = self.strength / self.n
        rule = ScalarSlip(rate, strength, tuple(W.size for W in net.weights))
        return {
            "record_every": self.every,
            "progress": False,
            "l1": self.l1 / self.n,
            "l2": strength,
            **({"optimizer": rule} if self.slip else {"learning_rate": rate}),
        }

    def norms(self, net: Network, X, T) -> dict[str, float]:
        """Data loss, norms of the summed data gradients, and of the wrong term for W1."""
        loss, gradients = loss_and_gradients(net, X, T)
        W1 = net.weights[0]
        return {
            "data loss": loss,
            "gradient of W1": self.n * float(np.linalg.norm(gradients.weights[0])),
            "gradient of W2": self.n * float(np.linalg.norm(gradients.weights[1])),
            "term of W1": self.strength * float(np.sum(W1**2)) * float(np.sqrt(W1.size)),
        }


def fresh_accuracy(net: Network) -> float:
    """On 50000 new points and their mirror images."""
    X = np.random.RandomState(123).randn(50_000, 2)
    X = np.concatenate([X, -X])
    return accuracy(net, X, np.logical_xor(X[:, 0] > 0, X[:, 1] > 0))


def straightness(net: Network | None) -> float:
    """Share of a grid on which the best straight line says what the network says.

    Without a network, what XOR itself says.
    """
    axis = np.linspace(-3, 3, 121)
    X = np.array([(a, b) for a in axis for b in axis])
    said = (X[:, 0] > 0) ^ (X[:, 1] > 0) if net is None else predict(net, X).argmax(axis=1) == 1
    best = 0
    for angle in np.linspace(0, np.pi, 361)[:-1]:
        along = (X @ [np.cos(angle), np.sin(angle)]).round(9)
        order = np.argsort(along, kind="stable")
        ones_before = np.concatenate([[0], np.cumsum(said[order])])
        zeros_after = np.sum(~said) - np.concatenate([[0], np.cumsum(~said[order])])
        cut = np.concatenate([[True], np.diff(along[order]) > 0, [True]])
        right = (ones_before + zeros_after)[cut]
        best = max(best, right.max(), (len(X) - right).max())
    return float(best / len(X))


# --- XOR on four points -------------------------------------------------------------------------


@dataclass(frozen=True)
class FourPoints:
    """How many of 20 starts learn XOR, and the least loss that one of them ends with."""

    hidden: int
    outputs: int
    low: float = -1.0
    biases: bool = False
    marks: tuple[int, ...] = (20_000,)

    def start(self, seed: int) -> Network:
        rng = np.random.default_rng(seed)
        weights = (
            rng.uniform(-1, 1, (2, self.hidden)),
            rng.uniform(-1, 1, (self.hidden, self.outputs)),
        )
        biases = (np.zeros(self.hidden), np.zeros(self.outputs)) if self.biases else None
        return Network(weights, biases, ("logistic",))

    def follow(self, marks: tuple[int, ...]) -> dict[str, Any]:
        X, T, labels = datasets.xor_points(self.low)
        T = T if self.outputs == 2 else T[:, 1:]
        nets, at, entries = [self.start(seed) for seed in range(20)], 0, {}
        for mark in marks:
            options = {"steps": mark - at, "record_every": 10**9, "progress": False}
            runs = [train(net, X, T, learning_rate=1.0, **options) for net in nets]
            nets, at = [run.network for run in runs], mark
            entries[str(mark)] = {
                "solved": sum(accuracy(net, X, labels) == 1 for net in nets),
                "losses": [float(run.losses[-1]) for run in runs],
            }
        return entries


# --- the stories --------------------------------------------------------------------------------

STEPS = (50, 80, 85, 90, 91, 92, 95, 97, 99, 100, 101, 102, 103, 104)
THOUSANDS = tuple([1000 * step - 1 for step in STEPS])
TRUE = tuple([1000 * step - 1 for step in (80, 90, 91, 95, 100, 103, 110, 500, 1000)])
MILLIONS = (99_999, 499_999, 999_999, 1_399_999, 1_899_999, 1_999_999, 2_099_999)
SLIP = {"strength": 1e-4, "slip": True}

STORIES: dict[str, Any] = {
    "F0.30": Eight(printed=True),
    "F0.31": Eight(),
    **{f"F0.33 seed {s}": Eight(printed=True, seed=s) for s in (1, 2, 3, 4, 5)},
    **{f"F0.35 seed {s}": Eight(biases=True, seed=s) for s in (0, 1, 2)},
    **{f"F0.36 seed {s}": Eight(biases=True, seed=s, rate=0.01) for s in (0, 1, 2)},
    **{f"F0.37 rate {r}": Eight(rate=r) for r in (0.01, 0.1)},
    **{
        f"F0.38 seed {s}": Eight(original=True, printed=True, rate=0.01, seed=s, marks=(10_000,))
        for s in (0, 1, 2)
    },
    # Of the mean gradient the rate is 8 times that of the summed one.
    "F0.39": Eight(rate=0.8, seed=None, marks=(1, 10, 100, 1000, 10_000, 100_000)),
    "F0.40": Eight(rate=0.8, seed=None, biases=True, marks=(1, 10, 100, 1000, 10_000, 100_000)),
    "F3.50": Lego(hidden=3, grid=True, marks=(1000, 10_000, 99_999, 499_999, 999_999)),
    **{f"F3.51 seed {s}": Lego(hidden=3, seed=s, marks=(100_000,)) for s in range(5)},
    "F3.53": Lego(strength=1e-6, slip=True, grid=True, marks=MILLIONS),
    "F3.54": Lego(strength=1e-4, grid=True, marks=TRUE),
    "F3.55": Lego(strength=1e-3),
    "F3.56": Lego(strength=1e-2),
    "F3.57": Lego(grid=True),
    "F3.58": Lego(hidden=10, rate=0.001, strength=1e-6, slip=True, watch=1000),
    "F3.59 H=3": Lego(hidden=3, biases=True, grid=True),
    "F3.59 H=50": Lego(biases=True, grid=True, watch=1000),
    "F3.60": Lego(**SLIP, marks=THOUSANDS),
    "F3.60b": Lego(**SLIP, marks=(50_000, 80_000, 90_000, 95_000, 98_000, 100_000)),
    "F3.61": Lego(**SLIP, rate=0.0003, marks=(909_999, 999_999)),
    "F3.62 rate .001": Lego(**SLIP, rate=0.001, marks=(400_000,)),
    "F3.62 decay": Lego(**SLIP, decay=1e-5, marks=(250_000,)),
    "F3.62 lambda 1e-3": Lego(strength=1e-3, slip=True, every=20, marks=(20_000,)),
    "F3.62 N=300": Lego(**SLIP, n=300, marks=(100_000,)),
    **{f"F3.63 seed {s}": Lego(**SLIP, seed=s, marks=(150_000,)) for s in range(4)},
    "F3.66": Lego(l1=1e-4, marks=(100_000, 200_000)),
    "F3.68 H=3": Lego(hidden=3, n=300, grid=True, marks=(10_000, 999_999)),
    "F3.68 H=50": Lego(n=300, grid=True, marks=(999_999,)),
    **{
        f"F3.45 H={h}, {k} outputs, {'with' if b else 'no'} biases": FourPoints(h, k, biases=b)
        for h in (2, 3, 4)
        for k in (1, 2)
        for b in (False, True)
    },
    **{f"F3.46 H={h}, {k} outputs": FourPoints(h, k, low=0.0) for h in (2, 3, 4) for k in (1, 2)},
}


def with_prefix(marks: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({0, PREFIX, *marks}))


def record(name: str) -> tuple[str, dict[str, Any]]:
    return name, STORIES[name].follow(with_prefix(STORIES[name].marks))


def as_text(recorded: dict[str, Any]) -> str:
    """JSON with a line for each mark."""
    stories = []
    for name, entries in recorded.items():
        dump = partial(json.dumps, ensure_ascii=False)
        lines = [f"{dump(mark)}: {dump(entry)}" for mark, entry in entries.items()]
        stories.append(json.dumps(name) + ": {\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(stories) + "\n}\n"


def main(names: list[str]) -> None:
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(record, name) for name in names or STORIES]
        for future in as_completed(futures):
            name, entries = future.result()
            print(name, flush=True)
            recorded[name] = entries
            ordered = {name: recorded[name] for name in STORIES if name in recorded}
            RECORDED.write_text(as_text(ordered), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
