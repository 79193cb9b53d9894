"""Gradients from function values, one coordinate after the other, against SciPy's."""

from functools import partial

import numpy as np

from benchmarks.race import Race, Run
from nnlib.differentiation import numerical_gradient

STEP = 1e-5


def chain(x: np.ndarray) -> float:
    """Rosenbrock's function in many dimensions."""
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def ours(size: int) -> Run:
    """One vector, moved in place."""
    x = np.random.default_rng(0).normal(size=size)
    return lambda: numerical_gradient(chain, x, STEP)


def scipy(size: int) -> Run:
    """A new vector for each coordinate."""
    from scipy.optimize._numdiff import approx_derivative

    x = np.random.default_rng(0).normal(size=size)
    return lambda: approx_derivative(chain, x, method="3-point", abs_step=STEP)


RACES = [
    Race(
        name=f"central differences, {size} coordinates",
        ours=partial(ours, size),
        peers={"scipy approx_derivative": partial(scipy, size)},
        target={"scipy approx_derivative": 1.0},
        tolerance=1e-4,
    )
    for size in (2, 12, 500)
]
