"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "gradient_descent": 4,
    "sgd_step": 3,
    "stable_learning_rate": 3,
    "descend_until": 3,
    "minibatches": 3,
}
NOTHING = dict.fromkeys(FULL, 0)

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "gradient_descent": (
                "def gradient_descent(gradient, x0, learning_rate, steps):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    path = np.empty((steps + 1, len(x)))\n"
                "    for k in range(steps + 1):\n"
                "        path[k] = x\n"
                "        x -= learning_rate * gradient(x)\n"
                "    return path"
            ),
            "sgd_step": (
                "def sgd_step(w, X, y, learning_rate):\n"
                "    gradients = [(np.dot(row, w) - target) * np.array(row)\n"
                "                 for row, target in zip(X, y)]\n"
                "    return np.array(w) - learning_rate * np.mean(gradients, axis=0)"
            ),
            "stable_learning_rate": (
                "def stable_learning_rate(A):\n"
                "    return float(2 / np.linalg.norm(np.array(A, dtype=float), ord=2))"
            ),
            "descend_until": (
                "def descend_until(gradient, x0, learning_rate, tolerance, max_steps):\n"
                "    path = gradient_descent(gradient, x0, learning_rate, max_steps)\n"
                "    for steps, x in enumerate(path):\n"
                "        if np.linalg.norm(gradient(x)) <= tolerance:\n"
                "            return x, steps, 'gradient'\n"
                "    return path[-1], max_steps, 'max_steps'"
            ),
            "minibatches": (
                "def minibatches(n, size, rng):\n"
                "    rows = np.arange(n)\n"
                "    rng.shuffle(rows)\n"
                "    return np.split(rows, np.arange(size, n, size))"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission(
        "only-the-warm-up",
        {**NOTHING, "gradient_descent": 4, "sgd_step": 3},
        {
            "gradient_descent": (
                "def gradient_descent(gradient, x0, learning_rate, steps):\n"
                "    path = [1.0 * np.array(x0)]\n"
                "    for k in range(steps):\n"
                "        path = path + [path[k] - learning_rate * gradient(path[k])]\n"
                "    return np.stack(path)"
            ),
            "sgd_step": (
                "def sgd_step(w, X, y, learning_rate):\n"
                "    w, X, y = np.array(w), np.array(X), np.array(y)\n"
                "    return w + learning_rate * X.T @ (y - X @ w) / len(y)"
            ),
        },
        attempted=False,
    ),
    Submission(
        "as-in-the-source",
        # S4's loop, x = init_x and x -= …, which moves the caller's start and refuses whole
        # numbers; and S1's rule "stop when the step is short".
        {**FULL, "gradient_descent": 2, "descend_until": 0},
        {
            "gradient_descent": (
                "def gradient_descent(gradient, init_x, lr=0.01, step_num=100):\n"
                "    x = init_x\n"
                "    path = [np.copy(x)]\n"
                "    for i in range(step_num):\n"
                "        x -= lr * gradient(x)\n"
                "        path.append(x.copy())\n"
                "    return np.array(path)"
            ),
            "descend_until": (
                "def descend_until(gradient, x0, learning_rate, tolerance, max_steps):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    for step in range(max_steps):\n"
                "        move = learning_rate * gradient(x)\n"
                "        if np.linalg.norm(move) <= tolerance:\n"
                "            return x, step, 'gradient'\n"
                "        x = x - move\n"
                "    return x, max_steps, 'max_steps'"
            ),
        },
    ),
    Submission(
        "usual-slips",
        # The end alone, no 1/n, 1/λ, the last point not looked at, the last batch dropped.
        {
            "gradient_descent": 0,
            "sgd_step": 0,
            "stable_learning_rate": 0,
            "descend_until": 1,
            "minibatches": 1,
        },
        {
            "gradient_descent": (
                "def gradient_descent(gradient, x0, learning_rate, steps):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    for _ in range(steps):\n"
                "        x = x - learning_rate * gradient(x)\n"
                "    return x"
            ),
            "sgd_step": (
                "def sgd_step(w, X, y, learning_rate):\n"
                "    X = np.array(X)\n"
                "    return w - learning_rate * X.T @ (X @ w - y)"
            ),
            "stable_learning_rate": (
                "def stable_learning_rate(A):\n    return 1 / np.linalg.eigvalsh(A).max()"
            ),
            "descend_until": (
                "def descend_until(gradient, x0, learning_rate, tolerance, max_steps):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    for step in range(max_steps):\n"
                "        if np.linalg.norm(gradient(x)) <= tolerance:\n"
                "            return x, step, 'gradient'\n"
                "        x = x - learning_rate * gradient(x)\n"
                "    return x, max_steps, 'max_steps'"
            ),
            "minibatches": (
                "def minibatches(n, size, rng):\n"
                "    order = rng.permutation(n)\n"
                "    return [order[k * size : (k + 1) * size] for k in range(n // size)]"
            ),
        },
    ),
    Submission(
        "the-books-own",
        {**FULL, "gradient_descent": 0, "minibatches": 0, "sgd_step": 0},
        {
            "gradient_descent": "from nnlib.gradient_descent import gradient_descent",
            "minibatches": (
                "from nnlib import gradient_descent as book\n\n"
                "def minibatches(n, size, rng):\n"
                "    return book.minibatches(n, size, rng)"
            ),
            "sgd_step": (
                "def sgd_step(w, X, y, learning_rate):\n"
                "    from nnlib.gradient_descent import least_squares_gradient as slope\n"
                "    return w - learning_rate * slope(w, X, y)"
            ),
        },
    ),
    Submission(
        "chance-of-its-own",
        # Shuffled, but not by rng; the trace in place of an eigenvalue; weights changed in place.
        {**FULL, "sgd_step": 1, "stable_learning_rate": 0, "minibatches": 2},
        {
            "sgd_step": (
                "def sgd_step(w, X, y, learning_rate):\n"
                "    w -= learning_rate * X.T @ (X @ w - y) / len(X)\n"
                "    return w"
            ),
            "stable_learning_rate": (
                "def stable_learning_rate(A):\n    return 2 / np.trace(np.array(A))"
            ),
            "minibatches": (
                "def minibatches(n, size, rng):\n"
                "    order = np.random.permutation(n)\n"
                "    return [order[k : k + size] for k in range(0, n, size)]"
            ),
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "descend_until": 0},
        {
            "descend_until": (
                "def descend_until(gradient, x0, learning_rate, tolerance, max_steps):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    while np.linalg.norm(gradient(x)) > tolerance:\n"
                "        x = x + learning_rate * 0\n"
                "    return x, 0, 'gradient'"
            )
        },
    ),
)
