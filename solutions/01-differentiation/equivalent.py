"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_SAME_BACKWARDS = "A central difference with −h exchanges its two points and is the same number."
_COPIED_LATER = "partial_derivative makes its own float64 copy of whatever x it gets."

EQUIVALENT = {
    "central_difference": {
        "def central_difference(f, x, h=1e-05): -> def central_difference(f, x, h=-1e-05):": (
            _SAME_BACKWARDS
        ),
    },
    "partial_derivative": {
        "def partial_derivative(f, x, i, h=1e-05): -> def partial_derivative(f, x, i, h=-1e-05):": (
            _SAME_BACKWARDS
        ),
    },
    "numerical_gradient": {
        "def numerical_gradient(f, x, h=1e-05): -> def numerical_gradient(f, x, h=-1e-05):": (
            _SAME_BACKWARDS
        ),
        "x = np.array(x, dtype=float) -> (removed)": _COPIED_LATER,
        "x = np.array(x, dtype=float) -> x = np.array(x)": _COPIED_LATER,
        "x = np.array(x, dtype=float) -> x = x": _COPIED_LATER,
        "gradient = np.zeros(x.shape) -> gradient = np.ones(x.shape)": (
            "Every entry is written before the array is returned."
        ),
    },
    "best_step": {
        "errors = [abs(central_difference(f, x, h) - df(x)) for h in steps] -> "
        "errors = [abs(df(x) - central_difference(f, x, h)) for h in steps]": "|a − b| = |b − a|.",
    },
}
