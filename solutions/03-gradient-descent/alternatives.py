"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import itertools
import math

import numpy as np


def path_into_zeros(gradient, x0, learning_rate, steps):
    path = np.zeros((steps + 1, len(x0)))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * gradient(path[k])
    return path


def path_of_lists(gradient, x0, learning_rate, steps):
    path = [[float(one) for one in x0]]
    while len(path) <= steps:
        slopes = gradient(np.array(path[-1]))
        path.append([a - learning_rate * b for a, b in zip(path[-1], slopes, strict=True)])
    return path


def path_in_place_with_copies(gradient, x0, learning_rate, steps):
    x = np.asarray(x0).astype(np.float64).copy()
    path = [x.copy()]
    for _ in range(steps):
        x -= np.multiply(learning_rate, gradient(x))
        path.append(x.copy())
    return np.vstack(path)


def path_accumulated(gradient, x0, learning_rate, steps):
    def step(x, _):
        return x + -learning_rate * np.asarray(gradient(x))

    start = np.array(x0, dtype=float)
    return np.stack(list(itertools.accumulate(range(steps), step, initial=start)))


def limit_by_spectral_norm(A):
    return 2 / np.linalg.norm(np.array(A, dtype=float), 2)


def limit_by_singular_values(A):
    return float(2 / np.linalg.svd(np.array(A, dtype=float), compute_uv=False).max())


def limit_of_each_direction(A):
    values = np.linalg.eigvals(np.asarray(A, dtype=float)).real
    top = float(np.max(np.abs(A)))
    return min(2 / value for value in values if value > 1e-9 * top)


def limit_by_squaring(A):
    """The largest eigenvalue from a very high power of A, kept at size 1."""
    A = np.array(A, dtype=float)
    P = A / np.linalg.norm(A)
    for _ in range(40):
        P = P @ P
        P /= np.linalg.norm(P)
    return 2 / (np.trace(A @ P) / np.trace(P))


def limit_by_halving(A):
    """Look for the rate at which the largest factor passes 1."""
    values = np.linalg.eigh(np.array(A, dtype=float))[0]
    low, high = 0.0, 4 / np.trace(np.array(A)) * len(values)
    for _ in range(200):
        middle = (low + high) / 2
        if np.abs(1 - middle * values).max() > 1 + 1e-15:
            high = middle
        else:
            low = middle
    return low


def stop_with_while(gradient, x0, learning_rate, tolerance, max_steps):
    x, steps = np.array(x0, dtype=float), 0
    while np.linalg.norm(gradient(x)) > tolerance and steps < max_steps:
        x = x - learning_rate * gradient(x)
        steps += 1
    return x, steps, "gradient" if np.linalg.norm(gradient(x)) <= tolerance else "max_steps"


def stop_with_two_returns(gradient, x0, learning_rate, tolerance, max_steps):
    x = np.copy(x0).astype(float)
    steps = 0
    while True:
        g = np.asarray(gradient(x))
        if math.sqrt(float(g @ g)) <= tolerance:
            return [x, steps, "gradient"]
        if steps == max_steps:
            return [x, steps, "max_steps"]
        x -= learning_rate * g
        steps += 1


def stop_with_else(gradient, x0, learning_rate, tolerance, max_steps):
    x = np.array([float(one) for one in x0])
    for steps in range(max_steps):  # noqa: B007 - used after the loop
        if math.hypot(*gradient(x)) <= tolerance:
            break
        x = x - learning_rate * gradient(x)
    else:
        flat = math.hypot(*gradient(x)) <= tolerance
        return x, max_steps, "gradient" if flat else "max_steps"
    return x, steps, "gradient"


def stop_on_the_whole_path(gradient, x0, learning_rate, tolerance, max_steps):
    path = path_into_zeros(gradient, x0, learning_rate, max_steps)
    flat = [k for k, x in enumerate(path) if np.linalg.norm(gradient(x), 2) <= tolerance]
    last = flat[0] if flat else max_steps
    return path[last].tolist(), np.int64(last), "gradient" if flat else "max_steps"


def batches_shuffled_in_place(n, size, rng):
    rows = np.arange(n)
    rng.shuffle(rows)
    return np.split(rows, range(size, n, size))


def batches_by_sorting(n, size, rng):
    rows = np.argsort(rng.random(n))
    batches = []
    while len(rows):
        batches.append(rows[:size])
        rows = rows[size:]
    return batches


def batches_as_lists(n, size, rng):
    deck = [int(row) for row in rng.choice(n, size=n, replace=False)]
    return [deck[k * size : (k + 1) * size] for k in range(math.ceil(n / size))]


def batches_drawn_one_by_one(n, size, rng):
    left, batches = list(range(n)), []
    while left:
        if not batches or len(batches[-1]) == size:
            batches.append([])
        batches[-1].append(left.pop(int(rng.integers(len(left)))))
    return tuple(np.array(batch) for batch in batches)


def batches_in_rising_order(n, size, rng):
    order = rng.permutation(n)
    return [np.sort(order[k : k + size]) for k in range(0, n, size)]


def step_by_mean_of_rows(w, X, y, learning_rate):
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    return w - learning_rate * np.mean((X @ w - y)[:, np.newaxis] * X, axis=0)


def step_with_loops(w, X, y, learning_rate):
    new = [float(one) for one in w]
    for row, target in zip(X, y, strict=True):
        error = sum(a * b for a, b in zip(row, w, strict=True)) - target
        for j, entry in enumerate(row):
            new[j] -= learning_rate * error * entry / len(y)
    return new


def step_uphill_of_minus(w, X, y, learning_rate):
    X = np.array(X)
    return np.add(w, learning_rate / X.shape[0] * np.dot(np.subtract(y, X.dot(w)), X))


def step_by_normal_equations(w, X, y, learning_rate):
    X, y, w = np.array(X, dtype=float), np.array(y, dtype=float), np.array(w, dtype=float)
    A, b = X.T @ X / len(X), X.T @ y / len(X)
    return (np.eye(len(w)) - learning_rate * A) @ w + learning_rate * b


ALTERNATIVES = {
    "gradient_descent": (
        path_into_zeros,
        path_of_lists,
        path_in_place_with_copies,
        path_accumulated,
    ),
    "stable_learning_rate": (
        limit_by_spectral_norm,
        limit_by_singular_values,
        limit_of_each_direction,
        limit_by_squaring,
        limit_by_halving,
    ),
    "descend_until": (
        stop_with_while,
        stop_with_two_returns,
        stop_with_else,
        stop_on_the_whole_path,
    ),
    "minibatches": (
        batches_shuffled_in_place,
        batches_by_sorting,
        batches_as_lists,
        batches_drawn_one_by_one,
        batches_in_rising_order,
    ),
    "sgd_step": (
        step_by_mean_of_rows,
        step_with_loops,
        step_uphill_of_minus,
        step_by_normal_equations,
    ),
}
