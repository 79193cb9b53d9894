"""Steps of Adam on vectors of two sizes, against torch's fused Adam.

17 parameters are a 2-3-2 network with biases: there, the price of a call decides. 40,000 are a
784-50-10 network: there, it is how often the memory is walked through.
"""

from functools import partial

import numpy as np

from benchmarks.race import Race, Run
from nnlib.optimizers import Adam


def _vectors(size: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=size), rng.normal(size=size)


def ours(size: int, steps: int) -> Run:
    """Pure updates, each with a new vector and a new state."""
    start, g = _vectors(size)
    rule = Adam()

    def run() -> np.ndarray:
        w, state = start, rule.init(start)
        for _ in range(steps):
            w, state = rule.update(w, g, state)
        return w

    return run


def torch_fused(size: int, steps: int) -> Run:
    """One tensor in float64, updated in place by the fused kernel, on one thread."""
    import torch

    torch.set_num_threads(1)
    start, g = _vectors(size)
    gradient = torch.tensor(g)

    def run() -> np.ndarray:
        w = torch.tensor(start, requires_grad=True)
        w.grad = gradient
        optimizer = torch.optim.Adam([w], fused=True)
        for _ in range(steps):
            optimizer.step()
        return w.detach().numpy()

    return run


RACES = [
    Race(
        name=f"Adam, {steps} steps on {size:,} parameters",
        ours=partial(ours, size, steps),
        peers={"torch fused Adam": partial(torch_fused, size, steps)},
        target={"torch fused Adam": target},
    )
    for size, steps, target in ((17, 1000, 5.0), (40_000, 200, 1 / 1.3))
]
