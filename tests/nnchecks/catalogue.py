"""What the tests of the assignments look up in an exercise."""

import numpy as np

SEEDS = range(5)


def misconception(exercise, slip):
    """The misconception of that name."""
    (found,) = [one for one in exercise.misconceptions if one.name == slip]
    return found


def plain(answer):
    """The misconception's function as a student would define it."""
    inner = getattr(answer, "func", answer)
    return lambda *arguments, **keywords: inner(*arguments, **keywords)


def cases(exercise, rounds=5):
    """Every case of an exercise, for several seeds."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        for wanted in exercise.properties:
            yield from wanted.cases(rng, rounds)
