"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {
    "momentum_step": 3,
    "run": 3,
    "adagrad_step": 3,
    "rmsprop_step": 3,
    "adam_step": 4,
}
NOTHING = dict.fromkeys(FULL, 0)


def differently_written():
    def momentum_step(w, g, state, learning_rate, momentum):
        if state is None:
            state = {"velocity": 0}
        velocity = momentum * state["velocity"] - g
        return w + learning_rate * velocity, {"velocity": velocity}

    def run(step, gradient, w0, steps, **options):
        w, state = np.array(w0, dtype=float), None
        path = np.empty((steps + 1, len(w)))
        for k in range(steps):
            path[k] = w
            w, state = step(w, gradient(w), state, **options)
        path[steps] = w
        return path

    def adagrad_step(w, g, state, learning_rate, eps):
        past = [] if state is None else state
        past = past + [g**2]
        rates = learning_rate / (np.sqrt(sum(past)) + eps)
        return w - rates * g, past

    def rmsprop_step(w, g, state, learning_rate, decay, eps):
        v = 0 if state is None else state[0]
        v = v + (1 - decay) * (g**2 - v)
        return w - learning_rate * g / (np.sqrt(v) + eps), (v,)

    from typing import NamedTuple

    class Memory(NamedTuple):
        m: object
        v: object
        t: int

    def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
        m, v, t = state or Memory(0, 0, 0)
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        c1, c2 = 1 - beta1**t, np.sqrt(1 - beta2**t)
        step = learning_rate * c2 / c1 * m / (np.sqrt(v) + c2 * eps)
        return w - step, Memory(m, v, t)


def only_the_warm_up():
    def momentum_step(w, g, state, learning_rate, momentum):
        velocity = g.copy()
        if state is not None:
            velocity += momentum * state
        return w - learning_rate * velocity, velocity

    def run(step, gradient, w0, steps, **options):
        points, state = [np.array(w0, dtype=float)], None
        while len(points) < steps + 1:
            w = points[-1]
            new, state = step(w, gradient(w), state, **options)
            points += [new]
        return points


def as_in_the_source():
    """S1: the squared gradient in the velocity, ε inside AdaGrad's root."""

    def momentum_step(w, g, state, learning_rate, momentum):
        h = 0 if state is None else state
        h = momentum * h + learning_rate * g**2
        return w - h, h

    def adagrad_step(w, g, state, learning_rate, eps):
        G = 0 if state is None else state
        G = G + g**2
        return w - learning_rate / np.sqrt(G + eps) * g, G


def usual_slips():
    """An average for the velocity, a run that forgets the state, an AdaGrad that forgets, decay and
    1 − decay exchanged, no bias correction.
    """

    def momentum_step(w, g, state, learning_rate, momentum):
        v = np.zeros_like(g) if state is None else state
        v = momentum * v + (1 - momentum) * g
        return w - learning_rate * v, v

    def run(step, gradient, w0, steps, **options):
        path = [np.array(w0, dtype=float)]
        for _ in range(steps):
            w, _state = step(path[-1], gradient(path[-1]), None, **options)
            path.append(w)
        return np.array(path)

    def adagrad_step(w, g, state, learning_rate, eps):
        G = g**2
        return w - learning_rate * g / (np.sqrt(G) + eps), G

    def rmsprop_step(w, g, state, learning_rate, decay, eps):
        v = np.zeros_like(g) if state is None else state
        v = (1 - decay) * v + decay * g**2
        return w - learning_rate * g / (np.sqrt(v) + eps), v

    def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
        m, v = (0, 0) if state is None else state
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        return w - learning_rate * m / (np.sqrt(v) + eps), (m, v)


def remembers_elsewhere():
    """The velocity in a global variable, Adam's t in another; a vector changed in place, and an
    array inside the state.
    """

    velocity = 0

    def momentum_step(w, g, state, learning_rate, momentum):
        global velocity
        velocity = momentum * velocity + g
        return w - learning_rate * velocity, None

    def adagrad_step(w, g, state, learning_rate, eps):
        G = g**2 if state is None else state + g**2
        w -= learning_rate * g / (np.sqrt(G) + eps)
        return w, G

    def rmsprop_step(w, g, state, learning_rate, decay, eps):
        if state is None:
            state = (np.zeros(w.shape), 0)
        v, t = state
        v *= decay
        v += (1 - decay) * g**2
        return w - learning_rate * g / (np.sqrt(v) + eps), (v, t + 1)

    t = 0

    def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
        global t
        t += 1
        m, v = (0, 0) if state is None else state
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v)


def shared_and_nameless():
    """One memory for two vectors; the truth of an array; a state whose places have names; a
    function that returns w alone; options that are not passed on.
    """

    memory = {}

    def momentum_step(w, g, state, learning_rate, momentum):
        if state is None:
            memory["v"] = np.zeros_like(w)
        memory["v"] = momentum * memory["v"] + g
        return w - learning_rate * memory["v"], "in memory"

    def run(step, gradient, w0, steps, **options):
        path, state = [np.array(w0, dtype=float)], None
        for _ in range(steps):
            w, state = step(path[-1], gradient(path[-1]), state)
            path.append(w)
        return np.array(path)

    def adagrad_step(w, g, state, learning_rate, eps):
        G = state or np.zeros_like(w)
        G = G + g**2
        return w - learning_rate * g / (np.sqrt(G) + eps), G

    def rmsprop_step(w, g, state, learning_rate, decay, eps):
        v = (1 - decay) * g**2
        return w - learning_rate * g / (np.sqrt(v) + eps)

    from typing import NamedTuple

    class Memory(NamedTuple):
        m: object
        v: object
        t: int

    def adam_step(w, g, state, learning_rate, beta1, beta2, eps):
        old = Memory(0, 0, 0) if state is None else state
        t = old.t + 1
        m = beta1 * old.m + (1 - beta1) * g
        v = beta2 * old.v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        step = learning_rate * m_hat / (np.sqrt(v_hat) + eps)
        return w - step, Memory(m, v, t)


def the_books_own():
    from nnlib import optimizers

    def run(step, gradient, w0, steps, **options):
        return optimizers.run(step, gradient, w0, steps, **options)

    from nnlib.optimizers import momentum_step

    def adagrad_step(w, g, state, learning_rate, eps):
        from nnlib.optimizers import AdaGrad as rule

        adagrad = rule(learning_rate, eps)
        return adagrad.update(w, g, state or adagrad.init(w))

    from nnlib.optimizers import adam_step


def endless_loop():
    def run(step, gradient, w0, steps, **options):
        path, state = [np.array(w0, dtype=float)], None
        while len(path) > 0:
            w, state = step(path[-1], gradient(path[-1]), state, **options)
            path[0] = w
        return np.array(path)


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("differently-written", FULL, code=differently_written),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "momentum_step": 3, "run": 3},
        code=only_the_warm_up,
        attempted=False,
    ),
    Submission(
        "as-in-the-source", {**FULL, "momentum_step": 0, "adagrad_step": 0}, code=as_in_the_source
    ),
    Submission(
        "usual-slips",
        {"momentum_step": 0, "run": 1, "adagrad_step": 1, "rmsprop_step": 0, "adam_step": 0},
        code=usual_slips,
    ),
    Submission(
        "remembers-elsewhere",
        {**FULL, "momentum_step": 0, "adagrad_step": 2, "rmsprop_step": 2, "adam_step": 0},
        code=remembers_elsewhere,
    ),
    Submission(
        "shared-and-nameless",
        {"momentum_step": 2, "run": 0, "adagrad_step": 1, "rmsprop_step": 0, "adam_step": 1},
        code=shared_and_nameless,
    ),
    Submission(
        "the-books-own",
        {**FULL, "momentum_step": 0, "run": 0, "adagrad_step": 0, "adam_step": 0},
        code=the_books_own,
    ),
    Submission("endless-loop", {**FULL, "run": 0}, code=endless_loop),
)
