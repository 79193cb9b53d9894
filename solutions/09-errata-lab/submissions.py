"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "bipolar_logistic_slope": 2,
    "mean_cross_entropy": 2,
    "find_optimum": 2,
    "as_tanh_network": 2,
    "hidden_layer": 2,
    "ridge_gradient": 2,
    "leave_one_out_accuracy": 1,
    "heavy_ball": 2,
    "saturated_units": 1,
    "weight_influence": 1,
}
NOTHING = dict.fromkeys(FULL, 0)

#: Every program as it was given, under the name that is asked for.
AS_GIVEN = {name: f"{name} = {name}_as_given" for name in FULL}

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "bipolar_logistic_slope": (
                "def bipolar_logistic_slope(x):\n    return 0.5 / np.cosh(np.asarray(x) / 2) ** 2"
            ),
            "mean_cross_entropy": (
                "def mean_cross_entropy(y, t):\n"
                "    total = 0\n"
                "    for row, label in zip(y, t):\n"
                "        if np.ndim(label):\n"
                "            total -= sum(w * np.log(p) for w, p in zip(label, row))\n"
                "        else:\n"
                "            total -= np.log(row[label])\n"
                "    return total / len(y)"
            ),
            "find_optimum": (
                "def find_optimum(gradient, x0, learning_rate, steps, maximise=False):\n"
                "    x = np.array(x0) * 1.0\n"
                "    for k in range(steps):\n"
                "        x += (2 * maximise - 1) * learning_rate * gradient(x)\n"
                "    return list(x)"
            ),
            "as_tanh_network": (
                "def as_tanh_network(W1, b1, W2, b2):\n"
                "    half = W2 / 2\n"
                "    return [-W1 / 2, -b1 / 2, -half, b2 + half.sum(axis=0)]"
            ),
            "hidden_layer": (
                "def hidden_layer(X, W, b):\n"
                "    X = np.column_stack([X, np.ones(len(X))])\n"
                "    return [sigmoid(row @ np.vstack([W, b])) for row in X]"
            ),
            "ridge_gradient": (
                "def ridge_gradient(w, X, y, penalty):\n"
                "    def loss(w):\n"
                "        return np.mean((X @ w - y) ** 2) / 2 + penalty * np.sum(w**2) / 2\n"
                "    return [loss(w + 1e-20j * unit).imag / 1e-20 for unit in np.eye(len(w))]"
            ),
            "leave_one_out_accuracy": (
                "def leave_one_out_accuracy(X, labels):\n"
                "    right = 0\n"
                "    for i in range(len(X)):\n"
                "        others = np.delete(X, i, axis=0)\n"
                "        nearest = np.linalg.norm(others - X[i], axis=1).argmin()\n"
                "        right += np.delete(labels, i)[nearest] == labels[i]\n"
                "    return right / len(X)"
            ),
            "heavy_ball": (
                "def heavy_ball(gradient, x0, rates, momentum):\n"
                "    x, v = np.array(x0, dtype=float), 0\n"
                "    path = [x.copy()]\n"
                "    for rate in rates:\n"
                "        v = momentum * v - gradient(x)\n"
                "        x += rate * v\n"
                "        path.append(x.copy())\n"
                "    return path"
            ),
            "saturated_units": (
                "def saturated_units(v, share):\n"
                "    y = 1 / (1 + np.exp(-v))\n"
                "    return 4 * y * (1 - y) < share"
            ),
            "weight_influence": (
                "def weight_influence(w, inputs, start):\n"
                "    def last(w):\n"
                "        h = start\n"
                "        for x in inputs:\n"
                "            h = np.tanh(w * h + x)\n"
                "        return h\n"
                "    return last(w + 1e-20j).imag / 1e-20"
            ),
        },
    ),
    Submission("untouched", NOTHING, attempted=False),
    Submission("nothing-repaired", NOTHING, AS_GIVEN),
    Submission(
        "one-fault-of-two",
        # The first half of a repair earns its point where the other half does not hide it.
        {
            **FULL,
            "bipolar_logistic_slope": 1,
            "mean_cross_entropy": 1,
            "find_optimum": 1,
            "as_tanh_network": 1,
            "hidden_layer": 1,
            "ridge_gradient": 1,
            "heavy_ball": 1,
        },
        {
            "bipolar_logistic_slope": (
                "def bipolar_logistic_slope(x):\n"
                "    y = bipolar_logistic(x)\n"
                "    return (1 + y) * (1 - y)"
            ),
            "mean_cross_entropy": (
                "def mean_cross_entropy(y, t):\n"
                "    if t.ndim == 1:\n"
                "        t = np.eye(y.shape[1])[t]\n"
                "    return -np.mean(np.sum(t * np.log(y + 1e-7), axis=1))"
            ),
            "find_optimum": (
                "def find_optimum(gradient, x0, learning_rate, steps, maximise=False):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    for _ in range(steps):\n"
                "        g = gradient(x)\n"
                "        step = learning_rate * g / np.linalg.norm(g)\n"
                "        x = x + step if maximise else x - step\n"
                "    return x"
            ),
            "as_tanh_network": (
                "def as_tanh_network(W1, b1, W2, b2):\n    return W1 / 2, b1 / 2, W2 / 2, b2"
            ),
            "hidden_layer": "def hidden_layer(X, W, b):\n    return sigmoid(X @ W)",
            "ridge_gradient": (
                "def ridge_gradient(w, X, y, penalty):\n    return X.T @ (X @ w - y) + penalty * w"
            ),
            "heavy_ball": (
                "def heavy_ball(gradient, x0, rates, momentum):\n"
                "    path = [np.array(x0, dtype=float)]\n"
                "    velocity = np.zeros_like(path[0])\n"
                "    for rate in rates:\n"
                "        velocity = momentum * velocity + rate * gradient(path[-1])\n"
                "        path.append(path[-1] - velocity)\n"
                "    return np.array(path)"
            ),
        },
    ),
    Submission(
        "cures-the-symptom",
        {
            "bipolar_logistic_slope": 0,
            "mean_cross_entropy": 1,
            "find_optimum": 0,
            "as_tanh_network": 0,
            "hidden_layer": 0,
            "ridge_gradient": 1,
            "leave_one_out_accuracy": 0,
            "heavy_ball": 0,
            "saturated_units": 0,
            "weight_influence": 0,
        },
        {
            "bipolar_logistic_slope": (
                "def bipolar_logistic_slope(x):\n    return np.maximum((1 + x) * (1 - x), 0)"
            ),
            "mean_cross_entropy": (
                "def mean_cross_entropy(y, t):\n"
                "    if t.ndim == 1:\n"
                "        t = np.eye(y.shape[1])[t]\n"
                "    return -np.mean(np.sum(t * np.log(np.clip(y, 1e-7, 1)), axis=1))"
            ),
            "find_optimum": (
                "def find_optimum(gradient, x0, learning_rate, steps, maximise=False):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    for _ in range(steps):\n"
                "        g = gradient(x)\n"
                "        x = x + 0.1 * learning_rate * g / np.linalg.norm(g)\n"
                "    return x"
            ),
            "as_tanh_network": (
                "def as_tanh_network(W1, b1, W2, b2):\n"
                "    return W1, b1, W2, b2 + (sigmoid(b1) - np.tanh(b1)) @ W2\n\n"
                "def sigmoid(v):\n"
                "    return 1 / (1 + np.exp(-v))"
            ),
            "hidden_layer": "def hidden_layer(X, W, b):\n    return sigmoid(X @ W.T + b)",
            "ridge_gradient": (
                "def ridge_gradient(w, X, y, penalty):\n"
                "    return X.T @ (X @ w - y) / len(y) + penalty * np.sum(w**2) / len(y)"
            ),
            "leave_one_out_accuracy": (
                "def leave_one_out_accuracy(X, labels):\n"
                "    distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)\n"
                "    distances[distances == 0] = np.inf\n"
                "    return np.mean(labels[distances.argmin(axis=1)] == labels)"
            ),
            "heavy_ball": (
                "def heavy_ball(gradient, x0, rates, momentum):\n"
                "    path = [np.array(x0, dtype=float)]\n"
                "    velocity = np.zeros_like(path[0])\n"
                "    for rate in rates:\n"
                "        g = gradient(path[-1])\n"
                "        velocity = momentum * velocity + np.sign(g) * g**2\n"
                "        path.append(path[-1] - rate * velocity)\n"
                "    return np.array(path)"
            ),
            "saturated_units": (
                "def saturated_units(v, share):\n"
                "    limit = 2 * np.arccosh(1 / np.sqrt(share))\n"
                "    return v > limit"
            ),
            "weight_influence": (
                "def weight_influence(w, inputs, start):\n"
                "    return len(inputs) * weight_influence_as_given(w, inputs, start)"
            ),
        },
    ),
    Submission(
        "spoils-the-start",
        {**FULL, "find_optimum": 1, "heavy_ball": 1, "ridge_gradient": 1},
        {
            "find_optimum": (
                "def find_optimum(gradient, x0, learning_rate, steps, maximise=False):\n"
                "    x = np.asarray(x0)\n"
                "    for _ in range(steps):\n"
                "        x += (1 if maximise else -1) * learning_rate * gradient(x)\n"
                "    return x.copy()"
            ),
            "heavy_ball": (
                "def heavy_ball(gradient, x0, rates, momentum):\n"
                "    x = np.asarray(x0)\n"
                "    path, v = [x.copy()], np.zeros(len(x))\n"
                "    for rate in rates:\n"
                "        v = momentum * v + gradient(x)\n"
                "        x -= rate * v\n"
                "        path.append(x.copy())\n"
                "    return np.array(path)"
            ),
            "ridge_gradient": (
                "def ridge_gradient(w, X, y, penalty):\n"
                "    g = X.T @ (X @ w - y) / len(y)\n"
                "    w *= penalty\n"
                "    return g + w"
            ),
        },
    ),
    Submission(
        "only-the-warm-up",
        {
            **NOTHING,
            "bipolar_logistic_slope": 2,
            "find_optimum": 2,
            "hidden_layer": 2,
            "saturated_units": 1,
        },
        {
            "bipolar_logistic_slope": (
                "def bipolar_logistic_slope(x):\n    return 0.5 * (1 - bipolar_logistic(x) ** 2)"
            ),
            "find_optimum": (
                "def find_optimum(gradient, x0, learning_rate, steps, maximise=False):\n"
                "    x = np.array(x0, dtype=float)\n"
                "    for _ in range(steps):\n"
                "        if maximise:\n"
                "            x = x + learning_rate * gradient(x)\n"
                "        else:\n"
                "            x = x - learning_rate * gradient(x)\n"
                "    return x"
            ),
            "hidden_layer": "def hidden_layer(X, W, b):\n    return sigmoid(X @ W + b)",
            "saturated_units": (
                "def saturated_units(v, share):\n"
                "    limit = 2 * np.arccosh(1 / np.sqrt(share))\n"
                "    return (v > limit) | (v < -limit)"
            ),
        },
        attempted=False,
    ),
    Submission(
        "the-checks-own",
        {**FULL, "heavy_ball": 0, "weight_influence": 0},
        {
            "heavy_ball": "from nnchecks.errata_programs import heavy_ball",
            "weight_influence": (
                "def weight_influence(w, inputs, start):\n"
                "    from nnchecks import errata_programs\n"
                "    return errata_programs.weight_influence(w, inputs, start)"
            ),
        },
    ),
)
