"""Answers by people who had not seen the checks, right ones and wrong ones.

Each wrong one has the names of the catalogue's rows that truly describe it, or none. Students must
not see this file; `make certify` reads it.
"""

import numpy as np


# == forward_difference WRONG
def forward_run_doubled(f, x, h=1e-8):
    """The run is taken as 2h although the points are h apart."""
    return (f(x + h) - f(x)) / (2 * h)


def forward_looks_back(f, x, h=1e-8):
    """The secant goes from x - h to x, which is the backward difference."""
    return (f(x) - f(x - h)) / h


def forward_is_central(f, x, h=1e-8):
    """It is the central difference, not the forward one."""
    return (f(x + h) - f(x - h)) / (2 * h)


def forward_sign_turned(f, x, h=1e-8):
    """The rise is taken the wrong way round, so the sign is wrong."""
    rise = f(x) - f(x + h)
    run = h
    return rise / run


def forward_no_brackets(f, x, h=1e-8):
    """Brackets are missing, so that only f(x) is divided by h."""
    return f(x + h) - f(x) / h


def forward_own_step(f, x, h=1e-8):
    """The step that was handed over is overwritten by a fixed one."""
    h = 1e-8
    return (f(x + h) - f(x)) / h


def forward_to_number(f, x, h=1e-8):
    """The conversion to one float crashes when x is an array of several numbers."""
    return float((f(x + h) - f(x)) / h)


def forward_times_h(f, x, h=1e-8):
    """The rise is multiplied by h instead of being divided by it."""
    return (f(x + h) - f(x)) * h


def forward_in_place(f, x, h=1e-8):
    """An array x is moved in place: integers crash, and the caller's floats are changed."""
    y0 = f(x)
    x += h
    y1 = f(x)
    return (y1 - y0) / h


def forward_alias(f, x, h=1e-8):
    """For an array x1 and x are the same object, so the rise is always 0."""
    x1 = x
    x1 += h
    return (f(x1) - f(x)) / h


def forward_like_x(f, x, h=1e-8):
    """The result has the type of x, so that slopes at integers lose their decimals."""
    x = np.asarray(x)
    slopes = np.zeros_like(x)
    slopes[...] = (f(x + h) - f(x)) / h
    return slopes


def forward_forgot_run(f, x, h=1e-8):
    """The rise is never divided by the run."""
    x2 = x + h
    rise = f(x2) - f(x)
    return rise


def forward_mean_slope(f, x, h=1e-8):
    """Of the array of slopes only the mean is returned."""
    return np.mean((f(x + h) - f(x)) / h)


def forward_rounded(f, x, h=1e-8):
    """The slope is rounded to two decimals."""
    return np.round((f(x + h) - f(x)) / h, 2)


# == forward_difference RIGHT
def forward_plain(f, x, h=1e-8):
    return (f(x + h) - f(x)) / h


def forward_rise_run(f, x, h=1e-8):
    start, end = x, x + h
    rise = f(end) - f(start)
    run = end - start
    return rise / run


def forward_two_quotients(f, x, h=1e-8):
    """Student's note: divide first, subtract afterwards."""
    return f(x + h) / h - f(x) / h


def forward_numpy_calls(f, x, h=1e-8):
    return np.divide(np.subtract(f(np.add(x, h)), f(x)), h)


def forward_minus_minus(f, x, h=1e-8):
    y0 = f(x * 1.0)
    y1 = f(h + x)
    return -(y0 - y1) / h


def forward_reciprocal(f, x, h=1e-8):
    def g(t):
        return f(x + t)

    return (g(h) - g(0)) * (1 / h)


# == central_difference WRONG
def central_point_twice(f, x, h=1e-5):
    """The run is taken as h although the points are 2h apart."""
    return (f(x + h) - f(x - h)) / h


def central_half_forward(f, x, h=1e-5):
    """The second point is x, not x - h, but the run is 2h."""
    return (f(x + h) - f(x)) / (2 * h)


def central_is_forward(f, x, h=1e-5):
    """It is the forward difference."""
    return (f(x + h) - f(x)) / h


def central_half_steps(f, x, h=1e-5):
    """The points are at x - h/2 and x + h/2 and not at x - h and x + h."""
    return (f(x + h / 2) - f(x - h / 2)) / h


def central_divides_then_multiplies(f, x, h=1e-5):
    """/ 2 * h divides by 2 and then multiplies by h."""
    return (f(x + h) - f(x - h)) / 2 * h


def central_sign_turned(f, x, h=1e-5):
    """The left value comes first in the rise, so the sign is wrong."""
    return (f(x - h) - f(x + h)) / (2 * h)


def central_no_brackets(f, x, h=1e-5):
    """Brackets are missing round the rise."""
    return f(x + h) - f(x - h) / (2 * h)


def central_fixed_run(f, x, h=1e-5):
    """The run is always 2e-5, whatever h is."""
    return (f(x + h) - f(x - h)) / 2e-5


def central_sum_of_both(f, x, h=1e-5):
    """The forward and the backward slope are added, but not halved."""
    ahead = (f(x + h) - f(x)) / h
    behind = (f(x) - f(x - h)) / h
    return ahead + behind


def central_five_points(f, x, h=1e-5):
    """A five-point formula from a blog, which is not the slope of the secant."""
    return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)


def central_complex_step(f, x, h=1e-5):
    """The complex step from a blog, which is not the slope of the secant."""
    return np.imag(f(x + 1j * h)) / h


def central_no_default(f, x, h):
    """The default value of h got lost, so a call without h crashes."""
    return (f(x + h) - f(x - h)) / (2 * h)


def central_moves_x(f, x, h=1e-5):
    """An array x is moved in place: integers crash, and the caller's floats end up h lower."""
    x += h
    right = f(x)
    x -= 2 * h
    left = f(x)
    return (right - left) / (2 * h)


def central_plus_plus(f, x, h=1e-5):
    """Typo: the two function values are added instead of subtracted."""
    return (f(x + h) + f(x - h)) / (2 * h)


def central_like_x(f, x, h=1e-5):
    """Slopes at integers are stored among integers and lose their decimals."""
    x = np.asarray(x)
    result = np.empty_like(x)
    result[...] = (f(x + h) - f(x - h)) / (2 * h)
    return result


# == central_difference RIGHT
def central_plain(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def central_two_quotients(f, x, h=1e-5):
    return f(x + h) / (2 * h) - f(x - h) / (2 * h)


def central_step_taken(f, x, h=1e-5):
    right = x + h
    left = x - h
    return (f(right) - f(left)) / (right - left)


def own_forward(f, x, h=1e-8):
    return (f(x + h) - f(x)) / h


def central_by_forward(f, x, h=1e-5):
    return own_forward(f, x - h, 2 * h)


def central_mean_of_two(f, x, h=1e-5):
    return (own_forward(f, x, h) + own_forward(f, x, -h)) / 2


def central_halves(f, x, h=1e-5):
    total = 0.0
    for sign in (1, -1):
        total = total + sign * f(x + sign * h)
    return 0.5 * total / h


def central_secant(f, x, h=1e-5):
    def secant(a, b):
        return (f(b) - f(a)) / (2.0 * h)

    return secant(x - h, x + h)


# == partial_derivative WRONG
def partial_leaves_x_moved(f, x, i, h=1e-5):
    """The caller's x is moved, and is h lower in entry i afterwards."""
    x[i] += h
    right = f(x)
    x[i] -= 2 * h
    left = f(x)
    return (right - left) / (2 * h)


def partial_integer_copy(f, x, i, h=1e-5):
    """The copy keeps the type of x: among integers a small step is cut off."""
    right, left = x.copy(), x.copy()
    right[i] += h
    left[i] -= h
    return (f(right) - f(left)) / (2 * h)


def partial_stays_float32(f, x, i, h=1e-5):
    """x * 1.0 makes floats of integers, but float32 stays float32."""
    right = x * 1.0
    left = x * 1.0
    right[i] += h
    left[i] -= h
    return (f(right) - f(left)) / (2 * h)


def partial_moves_all(f, x, i, h=1e-5):
    """All coordinates are moved, not only number i."""
    x = np.array(x, dtype=float)
    return (f(x + h) - f(x - h)) / (2 * h)


def partial_forward(f, x, i, h=1e-5):
    """It is the forward difference."""
    x = np.array(x, dtype=float)
    moved = x.copy()
    moved[i] += h
    return (f(moved) - f(x)) / h


def partial_run_h(f, x, i, h=1e-5):
    """The run is taken as h although the points are 2h apart."""
    e = np.zeros(len(x))
    e[i] = h
    return (f(x + e) - f(x - e)) / h


def partial_counts_from_one(f, x, i, h=1e-5):
    """Coordinates are counted from one, so coordinate i - 1 is moved."""
    right = np.array(x, dtype=float)
    left = np.array(x, dtype=float)
    right[i - 1] += h
    left[i - 1] -= h
    return (f(right) - f(left)) / (2 * h)


def partial_steps_back(f, x, i, h=1e-5):
    """x is moved in place and moved back, which leaves a rounding error and fails for integers."""
    x[i] += h
    right = f(x)
    x[i] -= 2 * h
    left = f(x)
    x[i] += h
    return (right - left) / (2 * h)


def partial_aliases(f, x, i, h=1e-5):
    """right and left are the same array, so nothing is left of the difference."""
    x = np.array(x, dtype=float)
    right = x
    left = x
    right[i] = right[i] + h
    left[i] = left[i] - h
    return (f(right) - f(left)) / (2 * h)


def partial_asarray(f, x, i, h=1e-5):
    """asarray copies no float64 array, so the caller's x is changed."""
    p = np.asarray(x, dtype=np.float64)
    p[i] += h
    right = f(p)
    p[i] -= 2 * h
    left = f(p)
    return (right - left) / (2 * h)


def partial_step_like_x(f, x, i, h=1e-5):
    """The step vector has the type of x: for integers it is 0."""
    step = np.zeros_like(x)
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)


def partial_replaces(f, x, i, h=1e-5):
    """Entry i is replaced by h and by -h, instead of being moved by them."""
    right = np.array(x, dtype=float)
    left = np.array(x, dtype=float)
    right[i] = h
    left[i] = -h
    return (f(right) - f(left)) / (2 * h)


def partial_left_from_right(f, x, i, h=1e-5):
    """The left point starts from the right one, and so is x itself, but the run is 2h."""
    right = np.array(x, dtype=float)
    right[i] += h
    left = right.copy()
    left[i] -= h
    return (f(right) - f(left)) / (2 * h)


def partial_two_coordinates(f, x, i, h=1e-5):
    """Written for two coordinates, it drops the others."""
    a, b = float(x[0]), float(x[1])
    if i == 0:
        return (f(np.array([a + h, b])) - f(np.array([a - h, b]))) / (2 * h)
    return (f(np.array([a, b + h])) - f(np.array([a, b - h]))) / (2 * h)


def partial_only_int64(f, x, i, h=1e-5):
    """Only int64 is converted, float32 is forgotten."""
    x = x.astype(float) if x.dtype == int else x.copy()
    old = x[i]
    x[i] = old + h
    right = f(x)
    x[i] = old - h
    left = f(x)
    return (right - left) / (2 * h)


def partial_hands_lists(f, x, i, h=1e-5):
    """f is handed lists, although it takes an array."""
    right = [float(v) for v in x]
    left = [float(v) for v in x]
    right[i] += h
    left[i] -= h
    return (f(right) - f(left)) / (2 * h)


# == partial_derivative RIGHT
def partial_two_copies(f, x, i, h=1e-5):
    right = np.array(x, dtype=float)
    left = np.array(x, dtype=float)
    right[i] += h
    left[i] -= h
    return (f(right) - f(left)) / (2 * h)


def partial_unit_vector(f, x, i, h=1e-5):
    e = np.zeros(np.shape(x))
    e[i] = 1.0
    x = np.asarray(x, dtype=np.float64)
    return (f(x + h * e) - f(x - h * e)) / (2 * h)


def own_central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def partial_by_central(f, x, i, h=1e-5):
    def along(value):
        p = x.astype(float)
        p[i] = value
        return f(p)

    return own_central(along, float(x[i]), h)


def partial_step_taken(f, x, i, h=1e-5):
    p = np.array(x, dtype=np.float64, copy=True)
    old = p[i]
    p[i] = old + h
    a, fa = p[i], f(p)
    p[i] = old - h
    b, fb = p[i], f(p)
    return (fa - fb) / (a - b)


def partial_comprehension(f, x, i, h=1e-5):
    values = [float(v) for v in x]
    left = np.array([v - h if k == i else v for k, v in enumerate(values)])
    right = np.array([v + h if k == i else v for k, v in enumerate(values)])
    return f(right) / (2 * h) - f(left) / (2 * h)


def partial_where(f, x, i, h=1e-5):
    here = np.arange(len(x)) == i
    wide = x.astype("float64")
    up = f(np.where(here, wide + h, wide))
    down = f(np.where(here, wide - h, wide))
    return 0.5 * (up - down) / h


# == numerical_gradient WRONG
def gradient_vectors_only(f, x, h=1e-5):
    """Along the first axis only: in a matrix whole rows move at once."""
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        right, left = x.copy(), x.copy()
        right[i] += h
        left[i] -= h
        grad[i] = (f(right) - f(left)) / (2 * h)
    return grad


def gradient_like_x(f, x, h=1e-5):
    """The result has the type of x, so that integers cut the decimals off."""
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[i] += h
        left[i] -= h
        grad[i] = (f(right) - f(left)) / (2 * h)
    return grad


def gradient_copies_type(f, x, h=1e-5):
    """The moved copies keep the type of x, so that integers do not move by a small step."""
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        right, left = x.copy(), x.copy()
        right[i] = x[i] + h
        left[i] = x[i] - h
        grad[i] = (f(right) - f(left)) / (2 * h)
    return grad


def gradient_flat_result(f, x, h=1e-5):
    """The result is always a vector, whatever the shape of x."""
    grad = []
    for i in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[i] += h
        left[i] -= h
        grad.append((f(right) - f(left)) / (2 * h))
    return np.array(grad)


def gradient_columns_first(f, x, h=1e-5):
    """The numbers are put back column by column, though they were taken row by row."""
    x = np.array(x, dtype=float)
    flat = x.flatten()
    out = np.zeros(flat.size)
    for k in range(flat.size):
        right, left = flat.copy(), flat.copy()
        right[k] += h
        left[k] -= h
        out[k] = (f(right.reshape(x.shape)) - f(left.reshape(x.shape))) / (2 * h)
    return out.reshape(x.shape, order="F")


def gradient_keeps_moving(f, x, h=1e-5):
    """The copies are made once, before the loop, so that the moves pile up."""
    right = np.array(x, dtype=float)
    left = np.array(x, dtype=float)
    grad = np.zeros(np.shape(x))
    for i in np.ndindex(np.shape(x)):
        right[i] += h
        left[i] -= h
        grad[i] = (f(right) - f(left)) / (2 * h)
    return grad


def gradient_back_to_type(f, x, h=1e-5):
    """The result is converted back to the type of x, and so is no float64 array."""
    p = x.astype(float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = p[i]
        p[i] = old + h
        right = f(p)
        p[i] = old - h
        left = f(p)
        p[i] = old
        grad[i] = (right - left) / (2 * h)
    return grad.astype(x.dtype)


def gradient_forward(f, x, h=1e-5):
    """It takes forward differences."""
    x = np.array(x, dtype=float)
    here = f(x)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        grad[i] = (f(moved) - here) / h
    return grad


def gradient_run_h(f, x, h=1e-5):
    """The run is taken as h although the points are 2h apart."""
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        grad[i] = (f(x + e) - f(x - e)) / h
    return grad


def gradient_hands_flat(f, x, h=1e-5):
    """f is handed the flattened x, not an array of the shape of x."""
    flat = np.array(x, dtype=float).flatten()
    out = np.zeros(flat.size)
    for k in range(flat.size):
        e = np.zeros(flat.size)
        e[k] = h
        out[k] = (f(flat + e) - f(flat - e)) / (2 * h)
    return out.reshape(np.shape(x))


def gradient_two_loops(f, x, h=1e-5):
    """Two nested loops for a matrix: a vector crashes."""
    x = np.array(x, dtype=float)
    rows, columns = x.shape
    grad = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            e = np.zeros((rows, columns))
            e[i, j] = h
            grad[i, j] = (f(x + e) - f(x - e)) / (2 * h)
    return grad


def gradient_steps_back(f, x, h=1e-5):
    """A float64 x is moved itself, and stepping back leaves rounding errors in it."""
    p = np.asarray(x, dtype=float)
    grad = np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        p[i] += h
        right = f(p)
        p[i] -= 2 * h
        left = f(p)
        p[i] += h
        grad[i] = (right - left) / (2 * h)
    return grad


def gradient_half_way(f, x, h=1e-5):
    """The left value is taken at x, because the entry goes down by h only, but the run is 2h."""
    p = np.array(x, dtype=float)
    grad = np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        old = p[i]
        p[i] += h
        right = f(p)
        p[i] -= h
        left = f(p)
        p[i] = old
        grad[i] = (right - left) / (2 * h)
    return grad


def gradient_returns_early(f, x, h=1e-5):
    """The return stands inside the loop, so that only the first entry is computed."""
    p = np.array(x, dtype=float)
    grad = np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        e = np.zeros(p.shape)
        e[i] = h
        grad[i] = (f(p + e) - f(p - e)) / (2 * h)
        return grad


def gradient_lost_view(f, x, h=1e-5):
    """reshape(-1) of a transposed array is a copy, so nothing moves and the result is 0 there."""
    p = np.array(x, dtype=float)
    flat = p.reshape(-1)
    grad = np.zeros(flat.size)
    for k in range(flat.size):
        old = flat[k]
        flat[k] = old + h
        right = f(p)
        flat[k] = old - h
        left = f(p)
        flat[k] = old
        grad[k] = (right - left) / (2 * h)
    return grad.reshape(p.shape)


def gradient_nested_list(f, x, h=1e-5):
    """For a vector it is right but a list, and for a matrix it crashes."""
    p = np.array(x, dtype=float)
    n = len(p)
    return [(f(p + h * e) - f(p - h * e)) / (2 * h) for e in np.eye(n)]


# == numerical_gradient RIGHT
def gradient_ndindex(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        right, left = x.copy(), x.copy()
        right[i] += h
        left[i] -= h
        grad[i] = (f(right) - f(left)) / (2 * h)
    return grad


def gradient_nditer(f, x, h=1e-5):
    p = np.array(x, dtype=np.float64)
    grad = np.empty(p.shape, dtype=np.float64)
    it = np.nditer(np.zeros(p.shape), flags=["multi_index", "zerosize_ok"])
    while not it.finished:
        idx = it.multi_index
        old = p[idx]
        p[idx] = old + h
        fp = f(p)
        p[idx] = old - h
        fm = f(p)
        p[idx] = old
        grad[idx] = (fp - fm) / (2 * h)
        it.iternext()
    return grad


def gradient_basis(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    basis = np.eye(x.size).reshape((x.size, *x.shape))
    slopes = [f(x + h * e) / (2 * h) - f(x - h * e) / (2 * h) for e in basis]
    return np.array(slopes, dtype=float).reshape(x.shape)


def own_partial(f, x, i, h=1e-5):
    right = np.array(x, dtype=float)
    left = np.array(x, dtype=float)
    right[i] += h
    left[i] -= h
    return (f(right) - f(left)) / (2 * h)


def gradient_by_partials(f, x, h=1e-5):
    shape = np.shape(x)

    def flat_f(v):
        return f(v.reshape(shape))

    v = np.array(x, dtype=float).flatten()
    grad = np.array([own_partial(flat_f, v, i, h) for i in range(v.size)], dtype=float)
    return grad.reshape(shape)


def gradient_tuple_partials(f, x, h=1e-5):
    grad = np.full(np.shape(x), np.nan)
    for index in reversed(list(np.ndindex(*np.shape(x)))):
        grad[index] = own_partial(f, x, index, h)
    return grad


def gradient_flat_iterator(f, x, h=1e-5):
    p = np.array(x, dtype=np.float64, order="C")
    grad = np.zeros_like(p)
    for k in range(p.size):
        old = p.flat[k]
        p.flat[k] = old + h
        right_x, right = p.flat[k], f(p)
        p.flat[k] = old - h
        left_x, left = p.flat[k], f(p)
        p.flat[k] = old
        grad.flat[k] = (right - left) / (right_x - left_x)
    return grad


# == best_step WRONG
def best_signed(f, df, x, steps):
    """The error keeps its sign, so that the most negative one wins."""
    errors = [(f(x + h) - f(x - h)) / (2 * h) - df(x) for h in steps]
    return steps[int(np.argmin(errors))]


def best_index(f, df, x, steps):
    """It returns the position of the step, not the step."""
    errors = [abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in steps]
    return np.argmin(errors)


def best_error(f, df, x, steps):
    """It returns the least error, not the step that makes it."""
    return min(abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in steps)


def best_is_worst(f, df, x, steps):
    """It returns the step with the largest error."""
    errors = [abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in steps]
    return steps[int(np.argmax(errors))]


def best_forward(f, df, x, steps):
    """It judges the steps by the forward difference."""
    return min(steps, key=lambda h: abs((f(x + h) - f(x)) / h - df(x)))


def best_stops_early(f, df, x, steps):
    """It takes the steps as sorted and stops as soon as an error is larger than the one before."""
    best, best_err = None, np.inf
    for h in steps:
        err = abs((f(x + h) - f(x - h)) / (2 * h) - df(x))
        if err > best_err:
            break
        best, best_err = h, err
    return best


def best_against_f(f, df, x, steps):
    """The difference is compared with f(x), not with df(x)."""
    return min(steps, key=lambda h: abs((f(x + h) - f(x - h)) / (2 * h) - f(x)))


def best_df_moved(f, df, x, steps):
    """The true derivative is taken at x + h instead of x."""
    return min(steps, key=lambda h: abs((f(x + h) - f(x - h)) / (2 * h) - df(x + h)))


def best_df_not_called(f, df, x, steps):
    """df is a function, but it is used as a number, which crashes."""
    return min(steps, key=lambda h: abs((f(x + h) - f(x - h)) / (2 * h) - df))


def best_sorted_index(f, df, x, steps):
    """The position in the sorted steps is used for the unsorted ones."""
    errors = [abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in sorted(steps)]
    return steps[errors.index(min(errors))]


def best_start_too_small(f, df, x, steps):
    """The search starts from an error of 1, so that None is returned if all errors are larger."""
    best, least = None, 1
    for h in steps:
        error = abs((f(x + h) - f(x - h)) / (2 * h) - df(x))
        if error < least:
            best, least = h, error
    return best


def best_relative(f, df, x, steps):
    """The error is divided by df(x), which makes nonsense where the derivative is 0."""
    true = df(x)
    errors = [abs(np.float64((f(x + h) - f(x - h)) / (2 * h) - true) / true) for h in steps]
    return steps[int(np.argmin(errors))]


def best_skips_last(f, df, x, steps):
    """The loop ends one step too early, so that the last step is never tried."""
    best = steps[0]
    least = np.inf
    for k in range(len(steps) - 1):
        h = steps[k]
        error = abs((f(x + h) - f(x - h)) / (2 * h) - df(x))
        if error < least:
            least = error
            best = h
    return best


def best_smallest(f, df, x, steps):
    """It takes the smallest step for the best, which overlooks rounding."""
    return min(steps)


def best_rounded(f, df, x, steps):
    """The errors are rounded to six decimals, so that good steps cannot be told apart."""
    errors = np.round([abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in steps], 6)
    return steps[int(np.argmin(errors))]


def best_precedence(f, df, x, steps):
    """/ 2 * h divides by 2 and multiplies by h, so that the differences are wrong."""
    errors = [np.abs((f(x + h) - f(x - h)) / 2 * h - df(x)) for h in steps]
    return steps[int(np.argmin(errors))]


def best_least_not_kept(f, df, x, steps):
    """Each error is compared with the one before, because the least is not kept."""
    best = steps[0]
    last = np.inf
    for h in steps:
        error = abs((f(x + h) - f(x - h)) / (2 * h) - df(x))
        if error < last:
            best = h
        last = error
    return best


# == best_step RIGHT
def best_min_key(f, df, x, steps):
    return min(steps, key=lambda h: abs((f(x + h) - f(x - h)) / (2 * h) - df(x)))


def best_argmin(f, df, x, steps):
    errors = np.abs(np.array([own_central(f, x, h) for h in steps]) - df(x))
    return steps[np.argmin(errors)]


def best_loop(f, df, x, steps):
    best = None
    least = float("inf")
    true = df(x)
    for h in steps:
        error = abs(true - own_central(f, x, h))
        if error < least:
            least = error
            best = h
    return best


def best_sorted_pairs(f, df, x, steps):
    pairs = [(abs(own_central(f, x, h) - df(x)), h) for h in steps]
    pairs.sort(key=lambda pair: pair[0])
    return pairs[0][1]


def best_zip(f, df, x, steps):
    errors = []
    for h in steps:
        errors.append(float(np.abs((f(x + h) - f(x - h)) / (2 * h) - df(x))))
    _, best = min(zip(errors, steps, strict=True))
    return float(best)


def best_dict(f, df, x, steps):
    error = {h: np.hypot(own_central(f, x, h) - df(x), 0.0) for h in list(steps)}
    return min(error, key=error.get)


WRONG = {
    "forward_difference": [
        (forward_run_doubled, ("divided by 2h",)),
        (forward_looks_back, ("backward",)),
        (forward_is_central, ("central",)),
        (forward_sign_turned, ("sign",)),
        (forward_no_brackets, ("missing brackets",)),
        (forward_own_step, ("own step",)),
        (forward_to_number, ("numbers only",)),
        (forward_times_h, ("multiplied",)),
        (forward_in_place, ("argument changed",)),
        (forward_alias, ("one array, two names",)),
        (forward_like_x, ("result in the type of x",)),
        (forward_forgot_run, ("not divided",)),
        (forward_mean_slope, ("mean",)),
        (forward_rounded, ("rounded to 2 decimals",)),
    ],
    "central_difference": [
        (central_point_twice, ("divided by h",)),
        (central_half_forward, ("half of a forward difference",)),
        (central_is_forward, ("forward",)),
        (central_half_steps, ("half step",)),
        (central_divides_then_multiplies, ("missing brackets",)),
        (central_sign_turned, ("sign",)),
        (central_no_brackets, ("brackets round the rise",)),
        (central_fixed_run, ("run of its own",)),
        (central_sum_of_both, ("divided by h",)),
        (central_five_points, ("five points",)),
        (central_complex_step, ("complex step",)),
        (central_no_default, ()),
        (central_moves_x, ("argument changed",)),
        (central_plus_plus, ("sum",)),
        (central_like_x, ("result in the type of x",)),
    ],
    "partial_derivative": [
        (partial_leaves_x_moved, ("argument changed", "moved in place")),
        (partial_integer_copy, ("integer copy",)),
        (partial_stays_float32, ("float32 kept",)),
        (partial_moves_all, ("every coordinate",)),
        (partial_forward, ("forward",)),
        (partial_run_h, ("divided by h",)),
        (partial_counts_from_one, ("counted from one",)),
        (partial_steps_back, ("argument changed", "moved in place, and back")),
        (partial_aliases, ("one array, two names",)),
        (partial_asarray, ("argument changed", "moved in place")),
        (partial_step_like_x, ("step in the type of x",)),
        (partial_replaces, ("set to the step",)),
        (partial_left_from_right, ("left point is x",)),
        (partial_two_coordinates, ("two coordinates only",)),
        (partial_only_int64, ("float32 kept",)),
        (partial_hands_lists, ("f called with a list",)),
    ],
    "numerical_gradient": [
        (gradient_vectors_only, ("vectors only",)),
        (gradient_like_x, ("result in the type of x",)),
        (gradient_copies_type, ("copies in the type of x",)),
        (gradient_flat_result, ("flat",)),
        (gradient_columns_first, ("columns first",)),
        (gradient_keeps_moving, ("moves pile up",)),
        (gradient_back_to_type, ("result in the type of x",)),
        (gradient_forward, ("forward",)),
        (gradient_run_h, ("divided by h",)),
        (gradient_hands_flat, ("f called with a flat array",)),
        (gradient_two_loops, ("matrices only",)),
        (gradient_steps_back, ("argument changed", "moved in place, and back")),
        (gradient_half_way, ("left point is x",)),
        (gradient_returns_early, ("first entry only",)),
        (gradient_lost_view, ("a view that is a copy",)),
        (gradient_nested_list, ("unit vectors of the first axis",)),
    ],
    "best_step": [
        (best_signed, ("signed error",)),
        (best_index, ("index",)),
        (best_error, ("error",)),
        (best_is_worst, ("worst step",)),
        (best_forward, ("forward",)),
        (best_stops_early, ("stops early",)),
        (best_against_f, ("compared with f",)),
        (best_df_moved, ("derivative at x + h",)),
        (best_df_not_called, ("df not called",)),
        (best_sorted_index, ("place in the sorted list",)),
        (best_start_too_small, ("search from an error of 1",)),
        (best_relative, ("relative error",)),
        (best_skips_last, ("last step left out",)),
        (best_smallest, ("smallest step",)),
        (best_rounded, ("rounded errors",)),
        (best_precedence, ("largest step",)),
        (best_least_not_kept, ("least not kept",)),
    ],
}

RIGHT = {
    "forward_difference": [
        forward_plain,
        forward_rise_run,
        forward_two_quotients,
        forward_numpy_calls,
        forward_minus_minus,
        forward_reciprocal,
    ],
    "central_difference": [
        central_plain,
        central_two_quotients,
        central_step_taken,
        central_by_forward,
        central_mean_of_two,
        central_halves,
        central_secant,
    ],
    "partial_derivative": [
        partial_two_copies,
        partial_unit_vector,
        partial_by_central,
        partial_step_taken,
        partial_comprehension,
        partial_where,
    ],
    "numerical_gradient": [
        gradient_ndindex,
        gradient_nditer,
        gradient_basis,
        gradient_by_partials,
        gradient_tuple_partials,
        gradient_flat_iterator,
    ],
    "best_step": [
        best_min_key,
        best_argmin,
        best_loop,
        best_sorted_pairs,
        best_zip,
        best_dict,
    ],
}
