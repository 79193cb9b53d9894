"""The gradient from function values, and a training step, from ten parameters to 100,000.

Each network has one hidden layer of logistic units. Where a peer would take minutes, or more memory
than a laptop has, it is left out, and the record says so.
"""

from functools import partial

from benchmarks.network import STEP, loss_of_vector, network, samples, scipy
from benchmarks.network import ours as in_batches
from benchmarks.race import Race, Run
from benchmarks.training import (
    BARE,
    Work,
    bare,
    hips_autograd,
    micrograd,
    optax,
    ours,
    scikit_learn,
    torch_eager,
)
from nnlib.differentiation import numerical_gradient
from nnlib.network import flatten, loss_and_gradients

Sizes = tuple[int, int, int]

#: Parameters, biases included, and inputs, hidden units and outputs.
NETWORKS: dict[int, Sizes] = {
    10: (1, 3, 1),
    100: (4, 14, 2),
    1_000: (7, 83, 4),
    10_000: (100, 90, 10),
    100_000: (494, 198, 10),
}
GRADIENT, TRAINING = "numerical gradient", "training step"
SAMPLES = {GRADIENT: 1, TRAINING: 4}
#: How many steps each run makes, and how many turns there are.
STEPS = {10: 200, 100: 200, 1_000: 20, 10_000: 10, 100_000: 10}
TURNS = {10: 15, 100: 15, 1_000: 5, 10_000: 5, 100_000: 3}
#: Up to how many parameters a peer takes part, and why no further.
LIMITS = {
    "numdifftools": (1_000, "its table of steps grows with the square of the size"),
    "micrograd": (1_000, "each product is an object, and a step would take seconds"),
}


def one_by_one(sizes: Sizes, n: int) -> Run:
    """Use nnlib's general function, which takes any `f` and moves one number after the other."""
    loss = loss_of_vector(sizes, *samples(n, sizes[0], sizes[-1]))
    vector = flatten(network(*sizes, hidden="logistic", output="logistic"))
    return lambda: numerical_gradient(loss, vector, STEP)


def numdifftools(sizes: Sizes, n: int) -> Run:
    """Its gradient with the same single step instead of its sequence of them."""
    import numdifftools

    loss = loss_of_vector(sizes, *samples(n, sizes[0], sizes[-1]))
    vector = flatten(network(*sizes, hidden="logistic", output="logistic"))
    gradient = numdifftools.Gradient(loss, step=STEP, method="central", order=2)
    return lambda: gradient(vector)


def backwards(sizes: Sizes, n: int) -> Run:
    """One pass back instead: what all this is a check of."""
    net = network(*sizes, hidden="logistic", output="logistic")
    X, T = samples(n, sizes[0], sizes[-1])
    return lambda: flatten(loss_and_gradients(net, X, T)[1])


def work(size: int) -> Work:
    """Train a network of this size on drawn samples; its outputs are sums, as scikit-learn's."""
    sizes = NETWORKS[size]
    net = network(*sizes, hidden="logistic", output="identity")
    return Work(net, *samples(SAMPLES[TRAINING], sizes[0], sizes[-1]), steps=STEPS[size])


def race(name: str, size: int, peers: dict, **settings: object) -> Race:
    """One race at one size, without those for whom it is too large."""
    left_out = {
        peer: reason for peer, (limit, reason) in LIMITS.items() if peer in peers and size > limit
    }
    return Race(
        name=name,
        peers={peer: start for peer, start in peers.items() if peer not in left_out},
        size=size,
        turns=TURNS[size],
        left_out=left_out,
        **settings,
    )


RACES = [
    *(
        race(
            GRADIENT,
            size,
            {
                "nnlib, any function": partial(one_by_one, sizes, SAMPLES[GRADIENT]),
                "SciPy": partial(scipy, loss_of_vector, sizes, SAMPLES[GRADIENT]),
                "numdifftools": partial(numdifftools, sizes, SAMPLES[GRADIENT]),
                "one pass back": partial(backwards, sizes, SAMPLES[GRADIENT]),
            },
            ours=partial(in_batches, sizes, SAMPLES[GRADIENT]),
            target={},
            tolerance=1e-6,
        )
        for size, sizes in NETWORKS.items()
    ),
    *(
        race(
            TRAINING,
            size,
            {
                "torch": partial(torch_eager, work(size)),
                "optax": partial(optax, work(size)),
                "HIPS autograd": partial(hips_autograd, work(size)),
                "scikit-learn": partial(scikit_learn, work(size)),
                "micrograd": partial(micrograd, work(size)),
                BARE: partial(bare, work(size)),
            },
            ours=partial(ours, work(size)),
            target={BARE: 0.6},
            bound=BARE,
            steps=STEPS[size],
        )
        for size in NETWORKS
    ),
]
