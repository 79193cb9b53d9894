"""The demonstration class of this assignment: who hands in what, and the marks they must get."""

from tools.demo import Submission

FULL = {
    "forward_difference": 3,
    "central_difference": 3,
    "partial_derivative": 3,
    "numerical_gradient": 4,
    "best_step": 3,
}

SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission(
        "differently-written",
        FULL,
        {
            "forward_difference": (
                "def forward_difference(f, x, h=1e-8):\n"
                "    x_plus = x + h\n"
                "    return (f(x_plus) - f(x)) / (x_plus - x)  # the step that was really taken"
            ),
            "central_difference": (
                "central_difference = lambda f, x, h=1e-5: 0.5 * (f(x + h) - f(x - h)) / h"
            ),
            "partial_derivative": (
                "def partial_derivative(f, x, i, h=1e-5):\n"
                "    x = np.asarray(x, dtype=np.float64)\n"
                "    step = np.zeros(x.shape)\n"
                "    step[i] = h\n"
                "    return float((f(x + step) - f(x - step)) / (2 * h))"
            ),
            "numerical_gradient": (
                "def numerical_gradient(f, x, h=1e-5):\n"
                "    x = np.asarray(x, dtype=np.float64)\n"
                "    steps = h * np.eye(x.size).reshape(x.size, *x.shape)\n"
                "    slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in steps]\n"
                "    return np.reshape(slopes, x.shape)"
            ),
            "best_step": (
                "def best_step(f, df, x, steps):\n"
                "    return min(steps, key=lambda h: abs(central_difference(f, x, h) - df(x)))"
            ),
        },
    ),
    Submission(
        "partly-right",
        {**FULL, "central_difference": 0, "partial_derivative": 2, "numerical_gradient": 3},
        {
            "central_difference": (
                "def central_difference(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / 2 * h"
            ),
            "partial_derivative": (
                "def partial_derivative(f, x, i, h=1e-5):\n"
                "    above, below = x.copy(), x.copy()\n"
                "    above[i] += h if x.dtype.kind == 'f' else int(h)\n"
                "    below[i] -= h if x.dtype.kind == 'f' else int(h)\n"
                "    return (f(above) - f(below)) / (2 * h)"
            ),
            "numerical_gradient": (
                "def numerical_gradient(f, x, h=1e-5):\n"
                "    slopes = np.zeros_like(x)\n"
                "    for i in np.ndindex(x.shape):\n"
                "        above, below = x.astype(float), x.astype(float)\n"
                "        above[i] += h\n"
                "        below[i] -= h\n"
                "        slopes[i] = (f(above) - f(below)) / (2 * h)\n"
                "    return slopes"
            ),
            "best_step": (
                "def best_step(f, df, x, steps):\n"
                "    errors = [abs((f(x + h) - f(x - h)) / (2 * h) - df(x)) for h in steps]\n"
                "    return steps[int(np.argmin(errors))]"
            ),
        },
    ),
    Submission("untouched", dict.fromkeys(FULL, 0), attempted=False),
    Submission(
        "only-the-warm-up",
        {**dict.fromkeys(FULL, 0), "forward_difference": 3, "central_difference": 3},
        {
            "forward_difference": (
                "def forward_difference(f, x, h=1e-8):\n    return (f(x + h) - f(x)) / h"
            ),
            "central_difference": (
                "def central_difference(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2*h)"
            ),
        },
        attempted=False,
    ),
    Submission(
        "syntax-error",
        {**FULL, "best_step": 0},
        {"best_step": ("def best_step(f, df, x, steps)\n    return min(steps)  # no colon")},
    ),
    Submission(
        "wrong-name",
        {**FULL, "forward_difference": 0},
        {
            "forward_difference": (
                "def forward_diff(f, x, h=1e-8):\n    return (f(x + h) - f(x)) / h"
            )
        },
    ),
    Submission(
        "endless-loop",
        {**FULL, "best_step": 0},
        {
            "best_step": (
                "def best_step(f, df, x, steps):\n"
                "    h = max(steps)\n"
                "    while abs(central_difference(f, x, h) - df(x)) >= 0:\n"
                "        h = h\n"
                "    return h"
            )
        },
    ),
    Submission(
        # The judge puts the check back.
        "deleted-check",
        FULL,
        deleted=("test_best_step",),
        stock={"best_step": None},
    ),
    Submission(
        "edited-check",
        # Its best_step calls its central_difference; the error counts once.
        {**FULL, "central_difference": 0},
        {
            "central_difference": "def central_difference(f, x, h=1e-5):\n    return 42.0",
            "test_central_difference": "3",
        },
    ),
    Submission(
        "the-books-own",
        {**FULL, "numerical_gradient": 0},
        {"numerical_gradient": "from nnlib.differentiation import numerical_gradient"},
    ),
    Submission(
        "changes-its-argument",
        {**FULL, "partial_derivative": 0, "numerical_gradient": 3},
        {
            "partial_derivative": (
                "def partial_derivative(f, x, i, h=1e-5):\n"
                "    x[i] += h\n"
                "    above = f(x)\n"
                "    x[i] -= 2 * h\n"
                "    return (above - f(x)) / (2 * h)"
            ),
            "numerical_gradient": (
                "def numerical_gradient(f, x, h=1e-5):\n"
                "    slopes = np.zeros(x.shape)\n"
                "    z = x.astype(float)\n"
                "    for i in np.ndindex(x.shape):\n"
                "        z[i] += h\n"
                "        above = f(z)\n"
                "        z[i] -= 2 * h\n"
                "        slopes[i] = (above - f(z)) / (2 * h)\n"
                "        z[i] += h\n"
                "    x[...] = 0\n"
                "    return slopes"
            ),
        },
    ),
    Submission(
        "prints-and-warns",
        FULL,
        {
            "central_difference": (
                "import sys, warnings\n"
                "def central_difference(f, x, h=1e-5):\n"
                "    print('x is', x)\n"
                "    print('a word on stderr', file=sys.stderr)\n"
                "    warnings.warn('the step is small')\n"
                "    return (f(x + h) - f(x - h)) / (2 * h)"
            )
        },
        scratch=("1 / 0  # a failed experiment at the end",),
    ),
)
