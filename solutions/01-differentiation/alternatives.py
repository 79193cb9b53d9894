"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it.
"""

import numpy as np


def step_really_taken(f, x, h=1e-8):
    x_plus = x + h
    return (f(x_plus) - f(x)) / (x_plus - x)


def one_point_at_a_time(f, x, h=1e-8):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x)) / h
    return [one_point_at_a_time(f, entry, h) for entry in x]


def mean_of_both_sides(f, x, h=1e-5):
    right = (f(x + h) - f(x)) / h
    left = (f(x) - f(x - h)) / h
    return (left + right) / 2


def both_ends_at_once(f, x, h=1e-5):
    below, above = f(np.stack([x - np.float64(h), x + np.float64(h)]))
    return (above - below) / 2 / h


def with_unit_vectors(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([(f(x + step) - f(x - step)) / (2 * h) for step in steps], x.shape)


def put_back(f, x, h=1e-5):
    z = np.array(x, dtype=float, order="C")  # so that the flat one is a view
    flat, slopes = z.reshape(-1), []
    for k in range(flat.size):
        here = flat[k]
        flat[k] = here + h
        above = f(z)
        flat[k] = here - h
        slopes.append((above - f(z)) / (2 * h))
        flat[k] = here
    return np.array(slopes).reshape(z.shape)


def along_a_line(f, x, i, h=1e-5):
    unit = np.zeros(len(x))
    unit[i] = 1.0

    def g(t):
        return f(np.asarray(x, dtype=float) + t * unit)

    return (g(h) - g(-h)) / (2 * h)


def with_where(f, x, i, h=1e-5):
    mask = np.arange(len(x)) == i
    x = x.astype(np.float64)
    return np.float64(f(np.where(mask, x + h, x)) - f(np.where(mask, x - h, x))) / (h + h)


def with_lists(f, x, i, h=1e-5):
    above = [float(entry) for entry in x]
    below = list(above)
    above[i], below[i] = above[i] + h, below[i] - h
    return 1 / (2 * h) * (f(np.array(above)) - f(np.array(below)))


def with_enumerate(f, x, h=1e-5):
    gradient = np.empty(np.shape(x), dtype=np.float64)
    for index, _ in np.ndenumerate(x):
        above, below = np.float64(x).copy(), np.float64(x).copy()
        above[index] += h
        below[index] -= h
        gradient[index] = 0.5 * (f(above) - f(below)) / h
    return gradient


def recursive(f, x, h=1e-5):
    """Peel off the first axis until one number is left; nested lists come back."""
    x = np.asarray(x, dtype=float)
    if x.ndim == 0:
        return (f(x + h) - f(x - h)) / (2 * h)

    def row(k):
        def with_row(value):
            whole = x.copy()
            whole[k] = value
            return f(whole)

        return recursive(with_row, x[k], h)

    return [row(k) for k in range(len(x))]


def best_so_far(f, df, x, steps):
    best, least = None, np.inf
    for h in steps:
        error = np.abs((f(x + h) - f(x - h)) / (2 * h) - df(x))
        if error < least:
            best, least = h, error
    return best


def all_steps_at_once(f, df, x, steps):
    steps = np.asarray(steps)
    slopes = (f(x + steps) - f(x - steps)) / (2 * steps)
    return steps[np.abs(slopes - df(x)).argmin()]


def through_a_dictionary(f, df, x, steps):
    errors = {h: (both_ends_at_once(f, x, h) - df(x)) ** 2 for h in steps}
    return min(errors, key=errors.get)


def by(quotient, real=float):
    """Choose by this way to write the quotient, in this arithmetic."""

    def best_step(f, df, x, steps):
        errors = [abs(quotient(f, real(x), real(h)) - df(real(x))) for h in steps]
        return steps[int(np.argmin(errors))]

    return best_step


def in_float32(f, df, x, steps):
    return by(lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h))(
        f, df, np.float32(x), np.asarray(steps, dtype=np.float32)
    )


ALTERNATIVES = {
    "forward_difference": (
        lambda f, x, h=1e-8: (f(x + h) - f(x)) / h,
        lambda f, x, h=1e-8: f(x + h) / h - f(x) / h,
        lambda f, x, h=1e-8: np.subtract(f(np.add(x, h)), f(x)) / ((x + h) - x),
        step_really_taken,
        one_point_at_a_time,
    ),
    "central_difference": (
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h),
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / h / 2,
        lambda f, x, h=1e-5: f(x + h) / (2 * h) - f(x - h) / (2 * h),
        lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / ((x + h) - (x - h)),
        mean_of_both_sides,
        both_ends_at_once,
    ),
    "partial_derivative": (
        lambda f, x, i, h=1e-5: with_unit_vectors(f, x, h)[i],
        lambda f, x, i, h=1e-5: np.float64(put_back(f, x, h)[i]),
        along_a_line,
        with_where,
        with_lists,
    ),
    "numerical_gradient": (
        with_unit_vectors,
        put_back,
        with_enumerate,
        recursive,
        lambda f, x, h=1e-5: with_unit_vectors(f, x, h).tolist(),
    ),
    "best_step": (
        best_so_far,
        all_steps_at_once,
        through_a_dictionary,
        by(lambda f, x, h: (f(x + h) - f(x - h)) / ((x + h) - (x - h))),
        by(lambda f, x, h: f(x + h) / (2 * h) - f(x - h) / (2 * h)),
        by(mean_of_both_sides),
        by(lambda f, x, h: (f(x + h) - f(x - h)) / ((x + h) - (x - h)), np.float32),
        by(lambda f, x, h: f(x + h) / (2 * h) - f(x - h) / (2 * h), np.float32),
        in_float32,
        lambda f, df, x, steps: float(
            sorted(steps, key=lambda h: abs((f(x + h) - f(x - h)) / (2 * h) - df(x)))[0]
        ),
    ),
}
