"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "directional_derivative": 3,
    "softmax": 3,
    "cross_entropy": 3,
    "loss_gradient": 4,
    "gradient_error": 3,
}

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "directional_derivative": (
                "def directional_derivative(gradient, x, u):\n"
                "    unit = np.asarray(u, dtype=float)\n"
                "    unit = unit / np.sqrt(np.sum(unit**2))\n"
                "    return float(np.vdot(gradient(np.array(x)), unit))"
            ),
            "softmax": (
                "def softmax(z):\n"
                "    z = np.asarray(z, dtype=float)\n"
                "    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))"
            ),
            "cross_entropy": (
                "def cross_entropy(z, t):\n"
                "    z, t = np.atleast_2d(z), np.atleast_2d(t)\n"
                "    losses = []\n"
                "    for row, wanted in zip(z, t):\n"
                "        top = row.max()\n"
                "        log_sum = top + np.log(np.exp(row - top).sum())\n"
                "        losses.append(np.dot(wanted, log_sum - row))\n"
                "    return sum(losses) / len(losses)"
            ),
            "loss_gradient": (
                "def loss_gradient(W, x, t):\n"
                "    if x.ndim == 1:\n"
                "        return np.outer(x, softmax(x @ W) - t)\n"
                "    return np.mean([loss_gradient(W, a, b) for a, b in zip(x, t)], axis=0)"
            ),
            "gradient_error": (
                "def gradient_error(f, gradient, x, rng, directions=10, h=1e-6):\n"
                "    worst = 0.0\n"
                "    for u in rng.standard_normal((directions, *x.shape)):\n"
                "        u /= np.linalg.norm(u)\n"
                "        a = (gradient(x) * u).sum()\n"
                "        b = (f(x + h * u) - f(x - h * u)) / (2 * h)\n"
                "        if a != b:\n"
                "            worst = max(worst, abs(a - b) / max(abs(a), abs(b)))\n"
                "    return worst"
            ),
        },
    ),
    Submission("untouched", dict.fromkeys(FULL, 0), attempted=False),
    Submission(
        "only-the-warm-up",
        {**dict.fromkeys(FULL, 0), "directional_derivative": 3, "softmax": 3},
        {
            "directional_derivative": (
                "def directional_derivative(gradient, x, u):\n"
                "    return np.sum(gradient(np.array(x)) * np.array(u)) / np.linalg.norm(u)"
            ),
            "softmax": (
                "def softmax(z):\n"
                "    z = np.array(z, dtype=float)\n"
                "    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
                "    return e / e.sum(axis=-1, keepdims=True)"
            ),
        },
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        # S4's listings: a softmax for vectors and matrices, 1e-7 in the logarithm, no 1/n.
        {**FULL, "softmax": 2, "cross_entropy": 0, "loss_gradient": 1},
        {
            "softmax": (
                "def softmax(x):\n"
                "    x = np.asarray(x)\n"
                "    if x.ndim == 2:\n"
                "        x = x.T\n"
                "        x = x - np.max(x, axis=0)\n"
                "        y = np.exp(x) / np.sum(np.exp(x), axis=0)\n"
                "        return y.T\n"
                "    x = x - np.max(x)\n"
                "    return np.exp(x) / np.sum(np.exp(x))"
            ),
            "cross_entropy": (
                "def cross_entropy(z, t):\n"
                "    y = softmax(z)\n"
                "    if y.ndim == 1:\n"
                "        t = t.reshape(1, t.size)\n"
                "        y = y.reshape(1, y.size)\n"
                "    return -np.sum(t * np.log(y + 1e-7)) / len(y)"
            ),
            "loss_gradient": (
                "def loss_gradient(W, x, t):\n"
                "    x, t = np.atleast_2d(x), np.atleast_2d(t)\n"
                "    return x.T @ (softmax(x @ W) - t)"
            ),
        },
    ),
    Submission(
        "usual-slips",
        # No unit vector, an overflow, a minus gone, vectors only.
        {
            "directional_derivative": 0,
            "softmax": 2,
            "cross_entropy": 0,
            "loss_gradient": 0,
            "gradient_error": 2,
        },
        {
            "directional_derivative": (
                "def directional_derivative(gradient, x, u):\n    return np.vdot(gradient(x), u)"
            ),
            "softmax": (
                "def softmax(z):\n"
                "    e = np.exp(np.asarray(z))\n"
                "    return e / e.sum(axis=-1, keepdims=True)"
            ),
            "cross_entropy": (
                "def cross_entropy(z, t):\n"
                "    z = z - z.max(axis=-1, keepdims=True)\n"
                "    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))\n"
                "    return np.mean(np.sum(t * log_y, axis=-1))"
            ),
            "loss_gradient": (
                "def loss_gradient(W, x, t):\n"
                "    x, t = np.atleast_2d(x), np.atleast_2d(t)\n"
                "    return x.T @ (t - softmax(x @ W)) / len(x)"
            ),
            "gradient_error": (
                "def gradient_error(f, gradient, x, rng, directions=10):\n"
                "    errors = []\n"
                "    for _ in range(directions):\n"
                "        u = rng.standard_normal(x.shape)\n"
                "        u = u / np.linalg.norm(u)\n"
                "        a = gradient(x) @ u\n"
                "        b = (f(x + 1e-5 * u) - f(x - 1e-5 * u)) / 2e-5\n"
                "        errors.append(abs(a - b) / max(abs(a), abs(b)))\n"
                "    return max(errors)"
            ),
        },
    ),
    Submission(
        "the-books-own",
        {**FULL, "softmax": 0, "cross_entropy": 0, "loss_gradient": 0},
        {
            "softmax": "from nnlib.activations import softmax",
            "cross_entropy": (
                "from nnlib import losses\n\n"
                "def cross_entropy(z, t):\n"
                "    return losses.cross_entropy(z, t)"
            ),
            # Its own formula, but the softmax in it is the book's.
        },
    ),
    Submission(
        "changes-its-arguments",
        {**FULL, "directional_derivative": 2, "softmax": 2, "cross_entropy": 2},
        {
            "directional_derivative": (
                "def directional_derivative(gradient, x, u):\n"
                "    u = np.asarray(u)\n"
                "    if u.dtype.kind == 'f':\n"
                "        u /= np.linalg.norm(u)\n"
                "    return np.sum(gradient(np.array(x)) * u) / np.linalg.norm(u)"
            ),
            "softmax": (
                "def softmax(z):\n"
                "    z = np.asarray(z)\n"
                "    z -= z.max(axis=-1, keepdims=True)\n"
                "    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)"
            ),
            "cross_entropy": (
                "def cross_entropy(z, t):\n"
                "    z -= z.max(axis=-1, keepdims=True)\n"
                "    log_sum = np.log(np.exp(z).sum(axis=-1, keepdims=True))\n"
                "    return np.mean(np.sum(t * (log_sum - z), axis=-1))"
            ),
            "loss_gradient": (
                "def loss_gradient(W, x, t):\n"
                "    x = np.atleast_2d(x)\n"
                "    return x.T @ (softmax(1.0 * (x @ W)) - t) / len(x)"
            ),
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "gradient_error": 0},
        {
            "gradient_error": (
                "def gradient_error(f, gradient, x, rng, directions=10):\n"
                "    while directions:\n"
                "        u = rng.standard_normal(x.shape)\n"
                "    return 0.0"
            )
        },
    ),
)
