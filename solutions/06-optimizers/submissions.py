"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "momentum_step": 3,
    "run": 3,
    "adagrad_step": 3,
    "rmsprop_step": 3,
    "adam_step": 4,
}
NOTHING = dict.fromkeys(FULL, 0)

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "momentum_step": (
                "def momentum_step(w, g, state, learning_rate, momentum):\n"
                "    if state is None:\n"
                "        state = {'velocity': 0}\n"
                "    velocity = momentum * state['velocity'] - g\n"
                "    return w + learning_rate * velocity, {'velocity': velocity}"
            ),
            "run": (
                "def run(step, gradient, w0, steps, **options):\n"
                "    w, state = np.array(w0, dtype=float), None\n"
                "    path = np.empty((steps + 1, len(w)))\n"
                "    for k in range(steps):\n"
                "        path[k] = w\n"
                "        w, state = step(w, gradient(w), state, **options)\n"
                "    path[steps] = w\n"
                "    return path"
            ),
            "adagrad_step": (
                "def adagrad_step(w, g, state, learning_rate, eps):\n"
                "    past = [] if state is None else state\n"
                "    past = past + [g**2]\n"
                "    rates = learning_rate / (np.sqrt(sum(past)) + eps)\n"
                "    return w - rates * g, past"
            ),
            "rmsprop_step": (
                "def rmsprop_step(w, g, state, learning_rate, decay, eps):\n"
                "    v = 0 if state is None else state[0]\n"
                "    v = v + (1 - decay) * (g**2 - v)\n"
                "    return w - learning_rate * g / (np.sqrt(v) + eps), (v,)"
            ),
            "adam_step": (
                "from typing import NamedTuple\n\n\n"
                "class Memory(NamedTuple):\n"
                "    m: object\n"
                "    v: object\n"
                "    t: int\n\n\n"
                "def adam_step(w, g, state, learning_rate, beta1, beta2, eps):\n"
                "    m, v, t = state or Memory(0, 0, 0)\n"
                "    t += 1\n"
                "    m = beta1 * m + (1 - beta1) * g\n"
                "    v = beta2 * v + (1 - beta2) * g**2\n"
                "    c1, c2 = 1 - beta1**t, np.sqrt(1 - beta2**t)\n"
                "    step = learning_rate * c2 / c1 * m / (np.sqrt(v) + c2 * eps)\n"
                "    return w - step, Memory(m, v, t)"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "momentum_step": 3, "run": 3},
        {
            "momentum_step": (
                "def momentum_step(w, g, state, learning_rate, momentum):\n"
                "    velocity = g.copy()\n"
                "    if state is not None:\n"
                "        velocity += momentum * state\n"
                "    return w - learning_rate * velocity, velocity"
            ),
            "run": (
                "def run(step, gradient, w0, steps, **options):\n"
                "    points, state = [np.array(w0, dtype=float)], None\n"
                "    while len(points) < steps + 1:\n"
                "        w = points[-1]\n"
                "        new, state = step(w, gradient(w), state, **options)\n"
                "        points += [new]\n"
                "    return points"
            ),
        },
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        # S1: the squared gradient in the velocity, ε inside AdaGrad's root.
        {**FULL, "momentum_step": 0, "adagrad_step": 0},
        {
            "momentum_step": (
                "def momentum_step(w, g, state, learning_rate, momentum):\n"
                "    h = 0 if state is None else state\n"
                "    h = momentum * h + learning_rate * g**2\n"
                "    return w - h, h"
            ),
            "adagrad_step": (
                "def adagrad_step(w, g, state, learning_rate, eps):\n"
                "    G = 0 if state is None else state\n"
                "    G = G + g**2\n"
                "    return w - learning_rate / np.sqrt(G + eps) * g, G"
            ),
        },
    ),
    Submission(
        "usual-slips",
        # An average for the velocity, a run that forgets the state, an AdaGrad that forgets, decay
        # and 1 − decay exchanged, no bias correction.
        {"momentum_step": 0, "run": 1, "adagrad_step": 1, "rmsprop_step": 0, "adam_step": 0},
        {
            "momentum_step": (
                "def momentum_step(w, g, state, learning_rate, momentum):\n"
                "    v = np.zeros_like(g) if state is None else state\n"
                "    v = momentum * v + (1 - momentum) * g\n"
                "    return w - learning_rate * v, v"
            ),
            "run": (
                "def run(step, gradient, w0, steps, **options):\n"
                "    path = [np.array(w0, dtype=float)]\n"
                "    for _ in range(steps):\n"
                "        w, _state = step(path[-1], gradient(path[-1]), None, **options)\n"
                "        path.append(w)\n"
                "    return np.array(path)"
            ),
            "adagrad_step": (
                "def adagrad_step(w, g, state, learning_rate, eps):\n"
                "    G = g**2\n"
                "    return w - learning_rate * g / (np.sqrt(G) + eps), G"
            ),
            "rmsprop_step": (
                "def rmsprop_step(w, g, state, learning_rate, decay, eps):\n"
                "    v = np.zeros_like(g) if state is None else state\n"
                "    v = (1 - decay) * v + decay * g**2\n"
                "    return w - learning_rate * g / (np.sqrt(v) + eps), v"
            ),
            "adam_step": (
                "def adam_step(w, g, state, learning_rate, beta1, beta2, eps):\n"
                "    m, v = (0, 0) if state is None else state\n"
                "    m = beta1 * m + (1 - beta1) * g\n"
                "    v = beta2 * v + (1 - beta2) * g**2\n"
                "    return w - learning_rate * m / (np.sqrt(v) + eps), (m, v)"
            ),
        },
    ),
    Submission(
        "remembers-elsewhere",
        # The velocity in a global variable, Adam's t in another; a vector changed in place, and an
        # array inside the state.
        {**FULL, "momentum_step": 0, "adagrad_step": 2, "rmsprop_step": 2, "adam_step": 0},
        {
            "momentum_step": (
                "velocity = 0\n\n"
                "def momentum_step(w, g, state, learning_rate, momentum):\n"
                "    global velocity\n"
                "    velocity = momentum * velocity + g\n"
                "    return w - learning_rate * velocity, None"
            ),
            "adagrad_step": (
                "def adagrad_step(w, g, state, learning_rate, eps):\n"
                "    G = g**2 if state is None else state + g**2\n"
                "    w -= learning_rate * g / (np.sqrt(G) + eps)\n"
                "    return w, G"
            ),
            "rmsprop_step": (
                "def rmsprop_step(w, g, state, learning_rate, decay, eps):\n"
                "    if state is None:\n"
                "        state = (np.zeros(w.shape), 0)\n"
                "    v, t = state\n"
                "    v *= decay\n"
                "    v += (1 - decay) * g**2\n"
                "    return w - learning_rate * g / (np.sqrt(v) + eps), (v, t + 1)"
            ),
            "adam_step": (
                "t = 0\n\n"
                "def adam_step(w, g, state, learning_rate, beta1, beta2, eps):\n"
                "    global t\n"
                "    t += 1\n"
                "    m, v = (0, 0) if state is None else state\n"
                "    m = beta1 * m + (1 - beta1) * g\n"
                "    v = beta2 * v + (1 - beta2) * g**2\n"
                "    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)\n"
                "    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (m, v)"
            ),
        },
    ),
    Submission(
        "shared-and-nameless",
        # One memory for two vectors; the truth of an array; a state whose places have names; a
        # function that returns w alone; options that are not passed on.
        {"momentum_step": 2, "run": 0, "adagrad_step": 1, "rmsprop_step": 0, "adam_step": 1},
        {
            "momentum_step": (
                "memory = {}\n\n"
                "def momentum_step(w, g, state, learning_rate, momentum):\n"
                "    if state is None:\n"
                "        memory['v'] = np.zeros_like(w)\n"
                "    memory['v'] = momentum * memory['v'] + g\n"
                "    return w - learning_rate * memory['v'], 'in memory'"
            ),
            "run": (
                "def run(step, gradient, w0, steps, **options):\n"
                "    path, state = [np.array(w0, dtype=float)], None\n"
                "    for _ in range(steps):\n"
                "        w, state = step(path[-1], gradient(path[-1]), state)\n"
                "        path.append(w)\n"
                "    return np.array(path)"
            ),
            "adagrad_step": (
                "def adagrad_step(w, g, state, learning_rate, eps):\n"
                "    G = state or np.zeros_like(w)\n"
                "    G = G + g**2\n"
                "    return w - learning_rate * g / (np.sqrt(G) + eps), G"
            ),
            "rmsprop_step": (
                "def rmsprop_step(w, g, state, learning_rate, decay, eps):\n"
                "    v = (1 - decay) * g**2\n"
                "    return w - learning_rate * g / (np.sqrt(v) + eps)"
            ),
            "adam_step": (
                "from typing import NamedTuple\n\n\n"
                "class Memory(NamedTuple):\n"
                "    m: object\n"
                "    v: object\n"
                "    t: int\n\n\n"
                "def adam_step(w, g, state, learning_rate, beta1, beta2, eps):\n"
                "    old = Memory(0, 0, 0) if state is None else state\n"
                "    t = old.t + 1\n"
                "    m = beta1 * old.m + (1 - beta1) * g\n"
                "    v = beta2 * old.v + (1 - beta2) * g**2\n"
                "    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)\n"
                "    step = learning_rate * m_hat / (np.sqrt(v_hat) + eps)\n"
                "    return w - step, Memory(m, v, t)"
            ),
        },
    ),
    Submission(
        "the-books-own",
        {**FULL, "momentum_step": 0, "run": 0, "adagrad_step": 0, "adam_step": 0},
        {
            "momentum_step": "from nnlib.optimizers import momentum_step",
            "run": (
                "from nnlib import optimizers\n\n"
                "def run(step, gradient, w0, steps, **options):\n"
                "    return optimizers.run(step, gradient, w0, steps, **options)"
            ),
            "adagrad_step": (
                "def adagrad_step(w, g, state, learning_rate, eps):\n"
                "    from nnlib.optimizers import AdaGrad as rule\n"
                "    adagrad = rule(learning_rate, eps)\n"
                "    return adagrad.update(w, g, state or adagrad.init(w))"
            ),
            "adam_step": "from nnlib.optimizers import adam_step",
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "run": 0},
        {
            "run": (
                "def run(step, gradient, w0, steps, **options):\n"
                "    path, state = [np.array(w0, dtype=float)], None\n"
                "    while len(path) > 0:\n"
                "        w, state = step(path[-1], gradient(path[-1]), state, **options)\n"
                "        path[0] = w\n"
                "    return np.array(path)"
            )
        },
    ),
)
