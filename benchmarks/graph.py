"""Loss and gradient of a small network on a graph of single numbers, against such an engine."""

import itertools
from typing import Any

import numpy as np

from benchmarks.race import Race, Run
from nnlib.computational_graph import Value

SIZES = (2, 8, 8, 2)
SAMPLES = 10


def _numbers() -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) / 2 for shape in itertools.pairwise(SIZES)]
    return weights, rng.normal(size=(SAMPLES, SIZES[0])), rng.normal(size=(SAMPLES, SIZES[-1]))


def work(engine: Any) -> Run:
    """The same lines for every engine whose values know +, *, ** and relu."""
    arrays, X, T = _numbers()

    def run() -> np.ndarray:
        weights = [[[engine(w) for w in row] for row in W.T.tolist()] for W in arrays]
        loss = engine(0.0)
        for x, t in zip(X.tolist(), T.tolist(), strict=True):
            units = [engine(number) for number in x]
            for W in weights:
                units = [
                    sum((w * u for w, u in zip(row, units, strict=True)), engine(0.0)).relu()
                    for row in W
                ]
            for unit, target in zip(units, t, strict=True):
                loss = loss + (unit + -target) ** 2
        loss.backward()
        return np.array([w.grad for W in weights for row in W for w in row])

    return run


def micrograd() -> Run:
    """The engine that this chapter's idea comes from."""
    from micrograd.engine import Value as MicrogradValue

    return work(MicrogradValue)


RACES = [
    Race(
        name="graph, loss and gradient of a 2-8-8-2 net",
        ours=lambda: work(Value),
        peers={"micrograd": micrograd},
        target={"micrograd": 1.0},
    )
]
