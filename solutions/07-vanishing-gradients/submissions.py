"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "xavier": 3,
    "he": 3,
    "clip_by_norm": 4,
    "layer_gradient_norms": 6,
}
NOTHING = dict.fromkeys(FULL, 0)

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "xavier": (
                "def xavier(n_in, n_out, rng):\n"
                "    scale = (2 / (n_in + n_out)) ** 0.5\n"
                "    return [[scale * rng.standard_normal() for _ in range(n_out)]\n"
                "            for _ in range(n_in)]"
            ),
            "he": (
                "def he(n_in, n_out, rng):\n"
                "    return (rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)).T"
            ),
            "clip_by_norm": (
                "def clip_by_norm(gradients, limit):\n"
                "    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])\n"
                "    return [g / max(1, norm / limit) for g in gradients]"
            ),
            "layer_gradient_norms": (
                "def sigmoid(z):\n"
                "    return 1 / (1 + np.exp(-z))\n\n\n"
                "def layer_gradient_norms(weights, X, T, activation):\n"
                "    f = {'sigmoid': sigmoid, 'tanh': np.tanh, 'linear': np.array,\n"
                "         'relu': lambda z: z.clip(0)}[activation]\n"
                "    df = {'sigmoid': lambda z: sigmoid(z) * sigmoid(-z), 'linear': np.ones_like,\n"
                "          'tanh': lambda z: 1 / np.cosh(z) ** 2,\n"
                "          'relu': lambda z: z > 0}[activation]\n"
                "    def rest(H, layers):\n"
                "        if not layers:\n"
                "            return (H - T) / len(T), ()\n"
                "        Z = H @ layers[0]\n"
                "        back, norms = rest(f(Z), layers[1:])\n"
                "        delta = back * df(Z)\n"
                "        return delta @ layers[0].T, (np.mean(np.abs(H.T @ delta)), *norms)\n"
                "    return rest(X, weights)[1]"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "xavier": 3, "he": 3},
        {
            "xavier": (
                "def xavier(n_in, n_out, rng):\n"
                "    return rng.normal(scale=np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))"
            ),
            "he": (
                "def he(n_in, n_out, rng):\n"
                "    return rng.normal(0, 1, (n_in, n_out)) / np.sqrt(n_in / 2)"
            ),
        },
        attempted=False,
    ),
    Submission(
        "usual-slips",
        # Variance for deviation, √6 of the uniform form, array by array, and, counted once, no
        # absolute value.
        {"xavier": 1, "he": 1, "clip_by_norm": 1, "layer_gradient_norms": 4},
        {
            "xavier": (
                "def xavier(n_in, n_out, rng):\n"
                "    return rng.normal(0, 2 / (n_in + n_out), (n_in, n_out))"
            ),
            "he": (
                "def he(n_in, n_out, rng):\n"
                "    limit = np.sqrt(6 / n_in)\n"
                "    return rng.uniform(-limit, limit, (n_in, n_out))"
            ),
            "clip_by_norm": (
                "def clip_by_norm(gradients, limit):\n"
                "    clipped = []\n"
                "    for g in gradients:\n"
                "        norm = np.linalg.norm(g)\n"
                "        clipped.append(g * limit / norm if norm > limit else g)\n"
                "    return clipped"
            ),
            "layer_gradient_norms": (
                "def layer_gradient_norms(weights, X, T, activation):\n"
                "    slope = {'sigmoid': lambda a: a * (1 - a), 'tanh': lambda a: 1 - a**2,\n"
                "             'relu': lambda a: a > 0, 'linear': lambda a: 1}[activation]\n"
                "    value = {'sigmoid': lambda z: 1 / (1 + np.exp(-z)), 'tanh': np.tanh,\n"
                "             'relu': lambda z: np.maximum(z, 0),\n"
                "             'linear': lambda z: z}[activation]\n"
                "    outputs = [X]\n"
                "    for W in weights:\n"
                "        outputs.append(value(outputs[-1] @ W))\n"
                "    delta = (outputs[-1] - T) / len(X) * slope(outputs[-1])\n"
                "    norms = []\n"
                "    for k in reversed(range(len(weights))):\n"
                "        norms.insert(0, np.mean(outputs[k].T @ delta))\n"
                "        delta = delta @ weights[k].T * slope(outputs[k])\n"
                "    return norms"
            ),
        },
    ),
    Submission(
        "by-another-book",
        # Legacy generator, relu kept on, clipping in place; He's rule for Xavier's.
        {"xavier": 1, "he": 2, "clip_by_norm": 3, "layer_gradient_norms": 4},
        {
            "xavier": (
                "def xavier(n_in, n_out, rng):\n"
                "    return rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)"
            ),
            "he": (
                "def he(n_in, n_out, rng):\n"
                "    return np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)"
            ),
            "clip_by_norm": (
                "def clip_by_norm(gradients, limit):\n"
                "    norm = np.sqrt(sum((g ** 2).sum() for g in gradients))\n"
                "    if norm > limit:\n"
                "        for g in gradients:\n"
                "            g *= limit / norm\n"
                "    return gradients"
            ),
            "layer_gradient_norms": (
                "def layer_gradient_norms(weights, X, T, activation):\n"
                "    value = {'sigmoid': lambda z: 1 / (1 + np.exp(-z)), 'tanh': np.tanh,\n"
                "             'relu': lambda z: np.maximum(z, 0), 'linear': lambda z: z}\n"
                "    outputs = [np.asarray(X, dtype=float)]\n"
                "    for W in weights:\n"
                "        outputs.append(value[activation](outputs[-1] @ W))\n"
                "    back, norms = (outputs[-1] - T) / len(X), []\n"
                "    for k in range(len(weights) - 1, -1, -1):\n"
                "        a = outputs[k + 1]\n"
                "        if activation == 'sigmoid':\n"
                "            back = back * a * (1 - a)\n"
                "        elif activation == 'tanh':\n"
                "            back = back * (1 - a**2)\n"
                "        norms.insert(0, np.abs(outputs[k].T @ back).mean())\n"
                "        back = back @ weights[k].T\n"
                "    return norms"
            ),
        },
    ),
    Submission(
        "two-slips-at-once",
        # Added over the samples, and the slopes taken at the sums.
        {**FULL, "clip_by_norm": 3, "layer_gradient_norms": 0},
        {
            "clip_by_norm": (
                "def clip_by_norm(gradients, limit):\n"
                "    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))\n"
                "    return [g * limit / norm for g in gradients]"
            ),
            "layer_gradient_norms": (
                "def layer_gradient_norms(weights, X, T, activation):\n"
                "    slope = {'sigmoid': lambda a: a * (1 - a), 'tanh': lambda a: 1 - a**2,\n"
                "             'relu': lambda a: a > 0, 'linear': lambda a: 1}[activation]\n"
                "    value = {'sigmoid': lambda z: 1 / (1 + np.exp(-z)), 'tanh': np.tanh,\n"
                "             'relu': lambda z: np.maximum(z, 0),\n"
                "             'linear': lambda z: z}[activation]\n"
                "    H, kept = X, []\n"
                "    for W in weights:\n"
                "        kept.append((H, H @ W))\n"
                "        H = value(H @ W)\n"
                "    back, norms = H - T, []\n"
                "    for (H, Z), W in zip(kept[::-1], weights[::-1]):\n"
                "        delta = back * slope(Z)\n"
                "        norms = [np.abs(H.T @ delta).mean()] + norms\n"
                "        back = delta @ W.T\n"
                "    return norms"
            ),
        },
    ),
    Submission(
        "the-books-own",
        NOTHING,
        {
            "xavier": "from nnlib.network import xavier",
            "he": (
                "from nnlib import network\n\n"
                "def he(n_in, n_out, rng):\n"
                "    return network.he(n_in, n_out, rng)"
            ),
            "clip_by_norm": (
                "def clip_by_norm(gradients, limit):\n"
                "    from nnlib.optimizers import clip_by_norm as shortened\n"
                "    return shortened(gradients, limit)"
            ),
            "layer_gradient_norms": (
                "from nnlib.network import Network, layer_gradient_norms as sizes\n"
                "from nnlib.network import loss_and_gradients\n\n"
                "def layer_gradient_norms(weights, X, T, activation):\n"
                "    net = Network(weights, None, activation)\n"
                "    return sizes(loss_and_gradients(net, X, T)[1])"
            ),
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "clip_by_norm": 0},
        {
            "clip_by_norm": (
                "def clip_by_norm(gradients, limit):\n"
                "    while np.sqrt(sum(np.sum(g**2) for g in gradients)) > limit:\n"
                "        gradients = [g * 1.0 for g in gradients]\n"
                "    return gradients"
            )
        },
    ),
)
