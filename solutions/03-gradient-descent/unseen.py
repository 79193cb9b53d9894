"""Answers by people who had not seen the checks, right ones and wrong ones.

Each wrong one has the names of the catalogue's rows that truly describe it, or none. Students must
not see this file; `make certify` reads it.
"""

import math

import numpy as np


# == gradient_descent WRONG
def path_one_object(gradient, x0, learning_rate, steps):
    """The same array is appended again and again, so that all rows are the last point."""
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x)
    return np.array(path)


def path_moves_start(gradient, x0, learning_rate, steps):
    """x is the caller's x0 and moves in place: floats are changed, and integers crash."""
    x = np.asarray(x0)
    path = [x.copy()]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x.copy())
    return np.array(path)


def path_without_start(gradient, x0, learning_rate, steps):
    """The start is not among the rows."""
    x = np.array(x0, dtype=float)
    path = []
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
        path.append(x)
    return np.array(path)


def path_one_step_short(gradient, x0, learning_rate, steps):
    """It takes one step too few."""
    path = [np.array(x0, dtype=float)]
    for _ in range(1, steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.array(path)


def path_climbs(gradient, x0, learning_rate, steps):
    """It goes with the gradient, uphill."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * gradient(path[-1]))
    return np.array(path)


def path_last_point(gradient, x0, learning_rate, steps):
    """It returns the last point only."""
    x = np.array(x0, dtype=float)
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
    return x


def path_type_of_start(gradient, x0, learning_rate, steps):
    """The rows have the type of x0, so that from integers all points are cut to integers."""
    x0 = np.asarray(x0)
    path = np.empty((steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * gradient(path[k])
    return path


def path_two_columns(gradient, x0, learning_rate, steps):
    """Every point is taken to have two coordinates."""
    path = np.zeros((steps + 1, 2))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * gradient(path[k])
    return path


def path_old_gradient(gradient, x0, learning_rate, steps):
    """The gradient is computed once, at the start, and used for all steps."""
    x = np.array(x0, dtype=float)
    g = gradient(x)
    path = [x]
    for _ in range(steps):
        x = x - learning_rate * g
        path.append(x)
    return np.array(path)


def path_unit_steps(gradient, x0, learning_rate, steps):
    """The gradient is made one long before the step."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        g = gradient(path[-1])
        length = np.linalg.norm(g)
        path.append(path[-1] - learning_rate * g / (length if length else 1.0))
    return np.array(path)


def path_lists_forgotten(gradient, x0, learning_rate, steps):
    """A list x0 reaches gradient as a list, and 2 * list is no gradient."""
    path = [x0]
    x = x0
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
        path.append(x)
    return np.array(path, dtype=float)


def path_stops_early(gradient, x0, learning_rate, steps):
    """It stops when the gradient is small, and returns fewer rows than asked for."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        g = gradient(path[-1])
        if np.linalg.norm(g) < 1e-6:
            break
        path.append(path[-1] - learning_rate * g)
    return np.array(path)


def path_in_columns(gradient, x0, learning_rate, steps):
    """The points lie in columns instead of rows."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.column_stack(path)


def path_coordinates_in_turn(gradient, x0, learning_rate, steps):
    """Coordinates move one after the other, each with a gradient that has seen the last move."""
    x = np.array(x0, dtype=float)
    path = [x.copy()]
    for _ in range(steps):
        for i in range(len(x)):
            x[i] -= learning_rate * gradient(x)[i]
        path.append(x.copy())
    return np.array(path)


def path_squeezed(gradient, x0, learning_rate, steps):
    """np.squeeze takes an axis away when there is one coordinate or no step."""
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.squeeze(np.array(path))


def path_recursive(gradient, x0, learning_rate, steps):
    """It calls itself for each step, which crashes from about a thousand steps on."""
    x = np.array([float(v) for v in x0])
    if steps == 0:
        return x[np.newaxis, :]
    before = path_recursive(gradient, x0, learning_rate, steps - 1)
    last = before[-1]
    return np.concatenate([before, [last - learning_rate * gradient(last)]], axis=0)


# == gradient_descent RIGHT
def path_list(gradient, x0, learning_rate, steps):
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(steps):
        x = x - learning_rate * gradient(x)
        path.append(x)
    return np.array(path)


def path_table(gradient, x0, learning_rate, steps):
    start = np.asarray(x0, dtype=float)
    path = np.zeros((steps + 1, start.size))
    path[0] = start
    for k in range(1, steps + 1):
        path[k] = path[k - 1] - learning_rate * np.asarray(gradient(path[k - 1]))
    return path


def path_in_place_copies(gradient, x0, learning_rate, steps):
    x = np.array(x0, dtype=np.float64, copy=True)
    rows = [x.copy()]
    k = 0
    while k < steps:
        x -= gradient(x.copy()) * learning_rate
        rows.append(x.copy())
        k += 1
    return np.vstack(rows)


def own_walk(gradient, x, learning_rate, steps):
    yield x
    for _ in range(steps):
        x = -learning_rate * gradient(x) + x
        yield x


def path_generator(gradient, x0, learning_rate, steps):
    walk = own_walk(gradient, np.asarray(x0, dtype=float), learning_rate, steps)
    return np.stack(list(walk))


def path_lists_of_floats(gradient, x0, learning_rate, steps):
    path = [[float(v) for v in x0]]
    for _ in range(steps):
        here = path[-1]
        slopes = gradient(np.array(here))
        path.append([v - learning_rate * float(g) for v, g in zip(here, slopes, strict=True)])
    return np.array(path)


# == sgd_step WRONG
def sgd_no_mean(w, X, y, learning_rate):
    """The gradient is summed over the rows and not divided by n."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w - learning_rate * X.T @ (X @ w - y)


def sgd_half_left(w, X, y, learning_rate):
    """The 2 of the square is forgotten: it divides by 2n."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w - learning_rate * X.T @ (X @ w - y) / (2 * len(y))


def sgd_twice(w, X, y, learning_rate):
    """The gradient is that of the mean square without the half, as in other courses."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w - learning_rate * 2 / len(X) * X.T @ (X @ w - y)


def sgd_uphill(w, X, y, learning_rate):
    """The step goes uphill."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w + learning_rate * X.T @ (X @ w - y) / len(y)


def sgd_error_turned(w, X, y, learning_rate):
    """The error is y minus prediction, and is subtracted all the same."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    error = y - X @ w
    gradient = X.T @ error / len(y)
    return w - learning_rate * gradient


def sgd_divides_by_features(w, X, y, learning_rate):
    """It divides by the number of weights instead of the number of rows."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w - learning_rate * X.T @ (X @ w - y) / len(w)


def sgd_changes_w(w, X, y, learning_rate):
    """w is changed in place, so that the caller's weights move, and integers crash."""
    w = np.asarray(w)
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    w -= learning_rate * X.T @ (X @ w - y) / len(y)
    return w


def sgd_no_lists(w, X, y, learning_rate):
    """Lists have no .T, so that they crash."""
    error = X @ w - y
    return w - learning_rate * (X.T @ error) / len(y)


def sgd_column(w, X, y, learning_rate):
    """y is made a column, so that the error becomes a square table."""
    w, X = np.array(w, dtype=float), np.array(X, dtype=float)
    y = np.array(y, dtype=float).reshape(-1, 1)
    error = X @ w - y
    return w - learning_rate * np.mean(X.T @ error, axis=1)


def sgd_row_after_row(w, X, y, learning_rate):
    """Each row makes a step of its own, and the next one starts from there."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    n = len(y)
    for xi, yi in zip(X, y, strict=True):
        w = w - learning_rate * (xi @ w - yi) * xi / n
    return w


def sgd_mean_of_errors(w, X, y, learning_rate):
    """Errors and inputs are averaged apart and multiplied afterwards."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w - learning_rate * np.mean(X @ w - y) * np.mean(X, axis=0)


def sgd_mean_of_all(w, X, y, learning_rate):
    """The mean runs over all entries, so that all weights take the same step."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return w - learning_rate * np.mean((X @ w - y)[:, None] * X)


def sgd_squeezed(w, X, y, learning_rate):
    """np.squeeze turns a single row into a vector, and then the mean divides by its length."""
    w, X, y = np.array(w, dtype=float), np.squeeze(X), np.squeeze(y)
    error = X @ w - y
    return (
        w - learning_rate * X.T * error / len(X)
        if X.ndim == 1
        else (w - learning_rate * X.T @ error / len(X))
    )


def sgd_integer_copy(w, X, y, learning_rate):
    """The copy keeps the type of w, so that whole weights stay whole."""
    w = np.array(w)
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    gradient = X.T @ (X @ w - y) / len(y)
    for i in range(len(w)):
        w[i] = w[i] - learning_rate * gradient[i]
    return w


def sgd_gradient_only(w, X, y, learning_rate):
    """It returns the gradient, not the new weights."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    return X.T @ (X @ w - y) / len(y)


def sgd_with_loss(w, X, y, learning_rate):
    """It returns a pair, the weights and the loss."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    error = X @ w - y
    return w - learning_rate * X.T @ error / len(y), np.mean(error**2) / 2


# == sgd_step RIGHT
def sgd_plain(w, X, y, learning_rate):
    w, X, y = np.asarray(w, dtype=float), np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    return w - learning_rate * (X.T @ (X @ w - y)) / len(y)


def sgd_loops(w, X, y, learning_rate):
    n, d = len(X), len(w)
    errors = [sum(float(X[i][k]) * w[k] for k in range(d)) - y[i] for i in range(n)]
    new = np.zeros(d)
    for k in range(d):
        slope = sum(errors[i] * X[i][k] for i in range(n)) / n
        new[k] = w[k] - learning_rate * slope
    return new


def sgd_mean_axis(w, X, y, learning_rate):
    w, X, y = (np.array(a, dtype=float) for a in (w, X, y))
    errors = X.dot(w) - y
    return w - learning_rate * np.mean(errors[:, None] * X, axis=0)


def sgd_einsum(w, X, y, learning_rate):
    X = np.asarray(X, dtype=np.float64)
    missing = np.asarray(y) - np.einsum("nd,d->n", X, np.asarray(w, dtype=float))
    return np.asarray(w) + np.einsum("n,nd->d", missing, X) * (learning_rate / X.shape[0])


def sgd_normal_form(w, X, y, learning_rate):
    """Gradient as (X'X w - X'y) / n."""
    w, X, y = np.array(w, dtype=float), np.array(X, dtype=float), np.array(y, dtype=float)
    n = X.shape[0]
    w -= learning_rate * ((X.T @ X) @ w / n - X.T @ y / n)
    return w


def sgd_sum_of_rows(w, X, y, learning_rate):
    w = np.array(w, dtype=float)
    gradient = np.zeros(w.shape)
    for row, wanted in zip(X, y, strict=True):
        row = np.array(row, dtype=float)
        gradient += (np.dot(row, w) - wanted) * row
    return w - learning_rate * gradient / len(y)


# == stable_learning_rate WRONG
def rate_one_over(A):
    """It is 1 over the largest eigenvalue, the rate that is exact in one step, not the limit."""
    return 1 / np.max(np.linalg.eigvalsh(A))


def rate_smallest(A):
    """It takes the smallest eigenvalue, the first that eigvalsh returns."""
    return 2 / np.linalg.eigvalsh(A)[0]


def rate_last_of_eigvals(A):
    """It takes eigvals for sorted, which eigvalsh does and eigvals does not."""
    return 2 / np.linalg.eigvals(np.asarray(A, dtype=float))[-1]


def rate_trace(A):
    """It divides by the sum of the eigenvalues."""
    return 2 / np.trace(np.asarray(A))


def rate_largest_entry(A):
    """It takes the largest entry for the largest eigenvalue."""
    return 2 / np.max(np.abs(A))


def rate_diagonal(A):
    """It looks at the diagonal only, as if A were a diagonal matrix."""
    return 2 / np.max(np.diag(A))


def rate_frobenius(A):
    """np.linalg.norm of a matrix is the root of the sum of squares, not the largest eigenvalue."""
    return 2 / np.linalg.norm(A)


def rate_best(A):
    """2 / (smallest + largest) is the fastest rate, not the limit."""
    values = np.linalg.eigvalsh(A)
    return 2 / (values[0] + values[-1])


def rate_zero_crashes(A):
    """For the matrix of zeros it divides by the float 0.0 and crashes."""
    return 2 / float(max(np.linalg.eigvalsh(A)))


def rate_zero_for_flat(A):
    """For the matrix of zeros it returns 0, though every rate is stable there."""
    top = np.linalg.eigvalsh(A).max()
    if top == 0:
        return 0.0
    return 2 / top


def rate_row_sums(A):
    """The largest row sum is a bound for the largest eigenvalue, not that number itself."""
    return 2 / np.max(np.sum(np.abs(A), axis=1))


def rate_inverse(A):
    """It inverts A, which crashes when an eigenvalue is 0."""
    return 2 * np.min(np.linalg.eigvalsh(np.linalg.inv(A)))


def rate_two_by_two(A):
    """The formula for 2 by 2 matrices is used whatever the size."""
    a, b, d = A[0][0], A[0][1], A[1][1]
    return 2 / ((a + d) / 2 + math.sqrt((a - d) ** 2 / 4 + b**2))


def rate_few_powers(A):
    """Power iteration from (1, ..., 1) misses an eigenvector at a right angle to it."""
    A = np.asarray(A, dtype=float)
    v = np.ones(len(A))
    for _ in range(200):
        v = A @ v
        v = v / np.linalg.norm(v)
    return 2 / (v @ A @ v)


def rate_each(A):
    """It returns a limit for each eigenvalue and not the one that counts."""
    return 2 / np.linalg.eigvalsh(A)


def rate_array_methods(A):
    """It adds A.T, which a list of rows has not."""
    return 2 / np.linalg.eigvalsh((A + A.T) / 2).max()


def rate_of_gram(A):
    """It takes the eigenvalues of A'A, as for a least squares problem, and not those of A."""
    A = np.asarray(A, dtype=float)
    return 2 / np.linalg.eigvalsh(A.T @ A).max()


# == stable_learning_rate RIGHT
def rate_eigvalsh(A):
    largest = np.linalg.eigvalsh(A)[-1]
    if largest <= 0:
        return np.inf
    return 2 / largest


def rate_spectral_norm(A):
    top = float(np.linalg.norm(np.asarray(A, dtype=float), 2))
    return 2.0 / top if top > 0 else math.inf


def rate_svd(A):
    _, sizes, _ = np.linalg.svd(np.array(A, dtype=float))
    with np.errstate(divide="ignore"):
        return np.divide(2.0, np.abs(sizes[0]))


def rate_min_over_all(A):
    values = np.linalg.eigvals(np.array(A, dtype=float)).real
    return min((2 / v for v in values if v > 0), default=float("inf"))


def rate_by_squares(A):
    """Largest eigenvalue as the root of that of A'A."""
    A = np.asarray(A, dtype=float)
    if not A.any():
        return np.inf
    scale = np.abs(A).max()
    B = A / scale
    return 2 / (scale * np.sqrt(np.max(np.linalg.eigvalsh(B.T @ B))))


def rate_eigh_loop(A):
    values, _ = np.linalg.eigh(np.asarray(A, dtype=np.float64))
    largest = 0.0
    for value in values.tolist():
        largest = max(largest, value)
    try:
        return 2 / largest
    except ZeroDivisionError:
        return math.inf


# == descend_until WRONG
def until_strictly_below(gradient, x0, learning_rate, tolerance, max_steps):
    """It goes on when the length is exactly the tolerance, because it asks for less."""
    x = np.array(x0, dtype=float)
    for step in range(max_steps + 1):
        if np.linalg.norm(gradient(x)) < tolerance:
            return x, step, "gradient"
        if step < max_steps:
            x = x - learning_rate * gradient(x)
    return x, max_steps, "max_steps"


def until_no_last_look(gradient, x0, learning_rate, tolerance, max_steps):
    """After the last step allowed it does not look at the gradient, and blames the steps."""
    x = np.array(x0, dtype=float)
    for step in range(max_steps):
        g = gradient(x)
        if np.linalg.norm(g) <= tolerance:
            return x, step, "gradient"
        x = x - learning_rate * g
    return x, max_steps, "max_steps"


def until_always_a_step(gradient, x0, learning_rate, tolerance, max_steps):
    """It takes a step before it looks, even if the start is flat enough."""
    x = np.array(x0, dtype=float)
    for step in range(1, max_steps + 1):
        x = x - learning_rate * gradient(x)
        if np.linalg.norm(gradient(x)) <= tolerance:
            return x, step, "gradient"
    return x, max_steps, "max_steps"


def until_counts_looks(gradient, x0, learning_rate, tolerance, max_steps):
    """It counts the gradients looked at, one more than the steps."""
    x = np.array(x0, dtype=float)
    count = 0
    while True:
        g = gradient(x)
        count += 1
        if np.linalg.norm(g) <= tolerance:
            return x, count, "gradient"
        if count > max_steps:
            return x, max_steps, "max_steps"
        x = x - learning_rate * g


def until_largest_entry(gradient, x0, learning_rate, tolerance, max_steps):
    """It compares the largest entry of the gradient, not its length."""
    x = np.array(x0, dtype=float)
    steps = 0
    while np.max(np.abs(gradient(x))) > tolerance and steps < max_steps:
        x = x - learning_rate * gradient(x)
        steps += 1
    reason = "gradient" if np.max(np.abs(gradient(x))) <= tolerance else "max_steps"
    return x, steps, reason


def until_moves_start(gradient, x0, learning_rate, tolerance, max_steps):
    """asarray copies no floats, so that x0 moves in place."""
    x = np.asarray(x0, dtype=float)
    steps = 0
    while np.linalg.norm(gradient(x)) > tolerance and steps < max_steps:
        x -= learning_rate * gradient(x)
        steps += 1
    return x, steps, "gradient" if np.linalg.norm(gradient(x)) <= tolerance else "max_steps"


def until_integers(gradient, x0, learning_rate, tolerance, max_steps):
    """The copy keeps the type of x0, and integers cannot be moved in place by floats."""
    x = x0.copy()
    steps = 0
    while np.linalg.norm(gradient(x)) > tolerance and steps < max_steps:
        x -= learning_rate * gradient(x)
        steps += 1
    return x, steps, "gradient" if np.linalg.norm(gradient(x)) <= tolerance else "max_steps"


def until_step_length(gradient, x0, learning_rate, tolerance, max_steps):
    """It compares the length of the step with the tolerance, not that of the gradient."""
    x = np.array(x0, dtype=float)
    steps = 0
    while True:
        move = learning_rate * gradient(x)
        if np.linalg.norm(move) <= tolerance:
            return x, steps, "gradient"
        if steps == max_steps:
            return x, steps, "max_steps"
        x = x - move
        steps += 1


def until_reason_second(gradient, x0, learning_rate, tolerance, max_steps):
    """The reason and the number of steps change places."""
    x = np.array(x0, dtype=float)
    steps = 0
    while np.linalg.norm(gradient(x)) > tolerance:
        if steps == max_steps:
            return x, "max_steps", steps
        x = x - learning_rate * gradient(x)
        steps += 1
    return x, "gradient", steps


def until_steps_first(gradient, x0, learning_rate, tolerance, max_steps):
    """The number of steps is asked first, so that a flat place at the last step counts wrongly."""
    x = np.array(x0, dtype=float)
    steps = 0
    while True:
        if steps >= max_steps:
            return x, steps, "max_steps"
        if np.linalg.norm(gradient(x)) <= tolerance:
            return x, steps, "gradient"
        x = x - learning_rate * gradient(x)
        steps += 1


def until_one_step_late(gradient, x0, learning_rate, tolerance, max_steps):
    """It looks at the gradient from before the step, and so stops one step late."""
    x = np.array(x0, dtype=float)
    for steps in range(1, max_steps + 1):
        g = gradient(x)
        x = x - learning_rate * g
        if np.linalg.norm(g) <= tolerance:
            return x, steps, "gradient"
    return x, max_steps, "max_steps"


def until_other_words(gradient, x0, learning_rate, tolerance, max_steps):
    """Its reasons are "tolerance" and "steps", not the words asked for."""
    x = np.array(x0, dtype=float)
    steps = 0
    while np.linalg.norm(gradient(x)) > tolerance:
        if steps == max_steps:
            return x, steps, "steps"
        x = x - learning_rate * gradient(x)
        steps += 1
    return x, steps, "tolerance"


def until_one_step_more(gradient, x0, learning_rate, tolerance, max_steps):
    """<= lets it take one step more than allowed."""
    x = np.array(x0, dtype=float)
    steps = 0
    g = gradient(x)
    while np.linalg.norm(g) > tolerance and steps <= max_steps:
        x = x - learning_rate * g
        g = gradient(x)
        steps += 1
    return x, steps, "gradient" if np.linalg.norm(g) <= tolerance else "max_steps"


def until_squared_length(gradient, x0, learning_rate, tolerance, max_steps):
    """It compares the square of the length with the tolerance."""
    x = np.array(x0, dtype=float)
    steps = 0
    while np.sum(gradient(x) ** 2) > tolerance:
        if steps == max_steps:
            return x, steps, "max_steps"
        x = x - learning_rate * gradient(x)
        steps += 1
    return x, steps, "gradient"


def until_stale_gradient(gradient, x0, learning_rate, tolerance, max_steps):
    """The gradient is not computed again in the loop, so that it never gets smaller."""
    x = np.array(x0, dtype=float)
    g = gradient(x)
    steps = 0
    while np.linalg.norm(g) > tolerance and steps < max_steps:
        x = x - learning_rate * g
        steps += 1
    return x, steps, "gradient" if np.linalg.norm(g) <= tolerance else "max_steps"


def until_returns_previous(gradient, x0, learning_rate, tolerance, max_steps):
    """It returns the point before the last step."""
    x = np.array(x0, dtype=float)
    old = x
    steps = 0
    while np.linalg.norm(gradient(x)) > tolerance:
        if steps == max_steps:
            return old, steps, "max_steps"
        old = x
        x = x - learning_rate * gradient(x)
        steps += 1
    return old, steps, "gradient"


def until_recursive(gradient, x0, learning_rate, tolerance, max_steps):
    """It calls itself for each step, which crashes from about a thousand steps on."""
    x = np.array(x0, dtype=float)
    g = gradient(x)
    if np.linalg.norm(g) <= tolerance:
        return x, 0, "gradient"
    if max_steps == 0:
        return x, 0, "max_steps"
    x = x - learning_rate * g
    x, steps, reason = until_recursive(gradient, x, learning_rate, tolerance, max_steps - 1)
    return x, steps + 1, reason


# == descend_until RIGHT
def until_for(gradient, x0, learning_rate, tolerance, max_steps):
    x = np.array(x0, dtype=float)
    for step in range(max_steps + 1):
        g = gradient(x)
        if np.linalg.norm(g) <= tolerance:
            return x, step, "gradient"
        if step < max_steps:
            x = x - learning_rate * g
    return x, max_steps, "max_steps"


def until_while(gradient, x0, learning_rate, tolerance, max_steps):
    x = np.array(x0, dtype=float)
    steps = 0
    while not np.linalg.norm(gradient(x)) <= tolerance and steps < max_steps:
        x = x - learning_rate * gradient(x)
        steps += 1
    reason = "gradient" if np.linalg.norm(gradient(x)) <= tolerance else "max_steps"
    return x, steps, reason


def until_forever(gradient, x0, learning_rate, tolerance, max_steps):
    x = 1.0 * np.asarray(x0)
    steps = 0
    while True:
        g = np.array(gradient(x), dtype=float)
        if math.hypot(*np.ravel(g)) <= tolerance:
            return x, steps, "gradient"
        if steps == max_steps:
            return x, steps, "max_steps"
        x -= learning_rate * g
        steps += 1


def until_flag(gradient, x0, learning_rate, tolerance, max_steps):
    def flat(point):
        return np.linalg.norm(gradient(point)) <= tolerance

    x = np.asarray(x0, dtype=np.float64).copy()
    steps, reason = 0, None
    while reason is None:
        if flat(x):
            reason = "gradient"
        elif steps >= max_steps:
            reason = "max_steps"
        else:
            x = x + (-learning_rate) * gradient(x)
            steps = steps + 1
    return x, steps, reason


def until_by_path(gradient, x0, learning_rate, tolerance, max_steps):
    """Calls exercise 1, one step at a time."""
    x = path_list(gradient, x0, learning_rate, 0)[0]
    for steps in range(max_steps):
        if np.linalg.norm(gradient(x)) <= tolerance:
            return x, steps, "gradient"
        x = path_list(gradient, x, learning_rate, 1)[-1]
    if np.linalg.norm(gradient(x)) <= tolerance:
        return x, max_steps, "gradient"
    return x, max_steps, "max_steps"


# == minibatches WRONG
def batches_in_order(n, size, rng):
    """The rows are not shuffled."""
    return [np.arange(n)[k : k + size] for k in range(0, n, size)]


def batches_global(n, size, rng):
    """np.random shuffles, not rng, so that the same seed does not give the same batches."""
    order = np.random.permutation(n)  # noqa: NPY002 - the slip itself
    return [order[k : k + size] for k in range(0, n, size)]


def batches_with_replacement(n, size, rng):
    """Rows are drawn with replacement: some come twice and some never."""
    order = rng.integers(0, n, size=n)
    return [order[k : k + size] for k in range(0, n, size)]


def batches_no_rest(n, size, rng):
    """The rows left over are dropped."""
    order = rng.permutation(n)
    return [order[k * size : (k + 1) * size] for k in range(n // size)]


def batches_array_split(n, size, rng):
    """array_split makes batches of nearly equal length: 10 rows by 4 become 4, 3 and 3."""
    return np.array_split(rng.permutation(n), math.ceil(n / size))


def batches_from_one(n, size, rng):
    """The rows are counted from 1 to n."""
    order = rng.permutation(np.arange(1, n + 1))
    return [order[k : k + size] for k in range(0, n, size)]


def batches_new_shuffle(n, size, rng):
    """Each batch is cut from a new permutation, so that rows come twice or never."""
    return [rng.permutation(n)[k : k + size] for k in range(0, n, size)]


def batches_shuffle_returns(n, size, rng):
    """rng.shuffle works in place and returns None, which cannot be cut."""
    order = rng.shuffle(np.arange(n))
    return [order[k : k + size] for k in range(0, n, size)]


def batches_shuffled_as_blocks(n, size, rng):
    """The order of the batches is shuffled, but each holds neighbouring rows."""
    batches = [np.arange(k, min(k + size, n)) for k in range(0, n, size)]
    order = rng.permutation(len(batches))
    return [batches[k] for k in order]


def batches_inside_only(n, size, rng):
    """The rows are shuffled within their batch only."""
    return [rng.permutation(np.arange(n)[k : k + size]) for k in range(0, n, size)]


def batches_filled_up(n, size, rng):
    """The last batch is filled up with rows from the front, which come twice."""
    order = rng.permutation(n)
    count = -(-n // size)
    order = np.resize(order, count * size)
    return [order[k * size : (k + 1) * size] for k in range(count)]


def batches_empty_last(n, size, rng):
    """If size divides n, there is an empty batch at the end."""
    order = rng.permutation(n)
    return [order[k * size : (k + 1) * size] for k in range(n // size + 1)]


def batches_own_seed(n, size, rng):
    """It makes a generator of its own, so that every epoch has the same batches."""
    order = np.random.default_rng(0).permutation(n)
    return [order[k : k + size] for k in range(0, n, size)]


def batches_kept(n, size, rng, batches=[]):  # noqa: B006
    """The default list lives on, so that a second call returns the old batches as well."""
    order = rng.permutation(n)
    for k in range(0, n, size):
        batches.append(order[k : k + size])
    return batches


def batches_of_count(n, size, rng):
    """size is taken for the number of batches."""
    return np.array_split(rng.permutation(n), size)


def batches_reshape(n, size, rng):
    """reshape crashes when size does not divide n."""
    return list(rng.permutation(n).reshape(-1, size))


def batches_last_row_lost(n, size, rng):
    """The rows are 0 to n - 2, because range(n - 1) ends one too early."""
    order = rng.permutation(n - 1)
    return [order[k : k + size] for k in range(0, n - 1, size)]


# == minibatches RIGHT
def batches_slices(n, size, rng):
    order = rng.permutation(n)
    return [order[k : k + size] for k in range(0, n, size)]


def batches_shuffle_in_place(n, size, rng):
    rows = np.arange(n)
    rng.shuffle(rows)
    batches = []
    while len(rows) > 0:
        batches.append(rows[:size].copy())
        rows = rows[size:]
    return batches


def batches_split(n, size, rng):
    return np.split(rng.permutation(np.arange(n)), np.arange(size, n, size))


def batches_choice(n, size, rng):
    order = rng.choice(n, size=n, replace=False)
    count = math.ceil(n / size)
    return [order[k * size : min((k + 1) * size, n)] for k in range(count)]


def batches_argsort(n, size, rng):
    order = np.argsort(rng.random(n))
    full, rest = divmod(n, size)
    batches = [batch for batch in order[: full * size].reshape(full, size)]
    if rest:
        batches.append(order[full * size :])
    return batches


def batches_dealt_like_cards(n, size, rng):
    batches = []
    hand = []
    for row in rng.permuted(np.arange(n)).tolist():
        hand.append(row)
        if len(hand) == size:
            batches.append(np.array(hand))
            hand = []
    if hand:
        batches.append(np.array(hand))
    return batches


WRONG = {
    "gradient_descent": [
        (path_one_object, ("one array in every row",)),
        (path_moves_start, ("start shared",)),
        (path_without_start, ("start left out",)),
        (path_one_step_short, ("end left out",)),
        (path_climbs, ("along the gradient",)),
        (path_last_point, ("the end alone",)),
        (path_type_of_start, ("made like the start",)),
        (path_two_columns, ("two columns",)),
        (path_old_gradient, ("the start's gradient for ever",)),
        (path_unit_steps, ("steps of one length",)),
        (path_lists_forgotten, ("list handed on",)),
        (path_stops_early, ("stops early",)),
        (path_in_columns, ("transposed",)),
        (path_coordinates_in_turn, ("one coordinate after the other",)),
        (path_squeezed, ("squeezed",)),
        (path_recursive, ()),
    ],
    "sgd_step": [
        (sgd_no_mean, ("missing 1/n",)),
        (sgd_half_left, ("half kept",)),
        (sgd_twice, ("two too many",)),
        (sgd_uphill, ("residual turned round",)),
        (sgd_error_turned, ("residual turned round",)),
        (sgd_divides_by_features, ("divided by the columns",)),
        (sgd_changes_w, ("weights changed",)),
        (sgd_no_lists, ("arrays only", "arrays only, at the error")),
        (sgd_column, ("targets in a column",)),
        (sgd_row_after_row, ("row after row",)),
        (sgd_mean_of_errors, ("mean before product",)),
        (sgd_mean_of_all, ("mean over everything",)),
        (sgd_squeezed, ("single rows squeezed",)),
        (sgd_integer_copy, ("weights of their type",)),
        (sgd_gradient_only, ("gradient alone",)),
        (sgd_with_loss, ()),
    ],
    "stable_learning_rate": [
        (rate_one_over, ("half the limit",)),
        (rate_smallest, ("smallest eigenvalue",)),
        (rate_last_of_eigvals, ("last of unsorted eigenvalues",)),
        (rate_trace, ("trace",)),
        (rate_largest_entry, ("largest entry",)),
        (rate_diagonal, ("largest entry",)),
        (rate_frobenius, ("Frobenius norm",)),
        (rate_best, ("best rate",)),
        (rate_row_sums, ("largest row sum",)),
        (rate_inverse, ("inverse",)),
        (rate_two_by_two, ("two rows only",)),
        (rate_few_powers, ("powers from (1, …, 1)",)),
        (rate_each, ("one limit for each direction",)),
        (rate_array_methods, ("arrays only",)),
        (rate_of_gram, ("eigenvalues of AᵀA",)),
    ],
    "descend_until": [
        (until_strictly_below, ("less than",)),
        (until_no_last_look, ("last point not looked at",)),
        (until_always_a_step, ("steps first, looks later",)),
        (until_counts_looks, ("counts from one",)),
        (until_largest_entry, ("largest entry",)),
        (until_moves_start, ("start shared", "start of floats shared")),
        (until_integers, ("start shared", "copy of whole numbers", "copy, and no array")),
        (until_step_length, ("length of the step",)),
        (until_reason_second, ("reason second",)),
        (until_steps_first, ("last point not looked at",)),
        (until_one_step_late, ("looks behind",)),
        (until_other_words, ("reasons 'tolerance' and 'steps'",)),
        (until_one_step_more, ("one step too many",)),
        (until_squared_length, ("square of the length",)),
        (until_stale_gradient, ("one gradient for ever",)),
        (until_returns_previous, ("the point before",)),
        (until_recursive, ()),
    ],
    "minibatches": [
        (batches_in_order, ("not shuffled",)),
        (batches_global, ("global generator",)),
        (batches_with_replacement, ("with replacement",)),
        (batches_no_rest, ("last batch dropped",)),
        (batches_array_split, ("evenly split",)),
        (batches_from_one, ("counts from one",)),
        (batches_new_shuffle, ("shuffled anew for each batch",)),
        (batches_shuffle_returns, ("result of shuffle",)),
        (batches_shuffled_as_blocks, ("blocks shuffled",)),
        (batches_inside_only, ("shuffled inside",)),
        (batches_filled_up, ("last batch filled up",)),
        (batches_empty_last, ("an empty batch",)),
        (batches_own_seed, ("own seed",)),
        (batches_kept, ()),
        (batches_of_count, ("size taken for a number",)),
        (batches_reshape, ("reshaped",)),
        (batches_last_row_lost, ("row 0 left out", "last row left out")),
    ],
}

RIGHT = {
    "gradient_descent": [
        path_list,
        path_table,
        path_in_place_copies,
        path_generator,
        path_lists_of_floats,
    ],
    "sgd_step": [
        sgd_plain,
        sgd_loops,
        sgd_mean_axis,
        sgd_einsum,
        sgd_normal_form,
        sgd_sum_of_rows,
    ],
    "stable_learning_rate": [
        # The statement has since left the matrix of zeros out.
        rate_zero_crashes,
        rate_zero_for_flat,
        rate_eigvalsh,
        rate_spectral_norm,
        rate_svd,
        rate_min_over_all,
        rate_by_squares,
        rate_eigh_loop,
    ],
    "descend_until": [
        until_for,
        until_while,
        until_forever,
        until_flag,
        until_by_path,
    ],
    "minibatches": [
        batches_slices,
        batches_shuffle_in_place,
        batches_split,
        batches_choice,
        batches_argsort,
        batches_dealt_like_cards,
    ],
}
