"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_TABLE = (
    "value, slope = {'sigmoid': (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)), "
    "'tanh': (np.tanh, lambda a: 1 - a ** 2), 'relu': (lambda z: np.maximum(z, 0), lambda a: a > 0), "
    "'linear': (lambda z: z, lambda a: 1)}[activation]"
)
_SIGN = (
    "All deltas of a layer change their sign, or none does, and of the gradients only the size "
    "is measured."
)


def _with(before: str, after: str) -> str:
    """Name the mutant that changes this part of the table."""
    assert before in _TABLE
    return f"{_TABLE} -> {_TABLE.replace(before, after)}"


EQUIVALENT = {
    "clip_by_norm": {
        "if norm > limit: -> if norm >= limit:": "At the limit the factor is 1.",
    },
    "layer_gradient_norms": {
        _with("a * (1 - a)", "a * (a - 1)"): _SIGN,
        _with("1 - a ** 2", "a ** 2 - 1"): _SIGN,
        _with("lambda a: 1)", "lambda a: -1)"): _SIGN,
        _with("np.maximum(z, 0)", "np.maximum(0, z)"): "The larger of two is the larger of two.",
        "back = (outputs[-1] - T) / len(X) -> back = (T - outputs[-1]) / len(X)": _SIGN,
        "back = (outputs[-1] - T) / len(X) -> back = (outputs[-1] - T) / len(T)": "There are as "
        "many targets as samples.",
    },
}
