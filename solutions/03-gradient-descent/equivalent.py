"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_START = "path = [np.array(x0, dtype=float)]"
_FLOATS = "The first step makes floats of it, and a start alone has whole numbers as its values."
_UNTOUCHED = "x is not changed in place, so nothing needs a copy, and the first step makes floats."
_STEP = "return w - learning_rate * (X.T @ error) / len("

EQUIVALENT = {
    "gradient_descent": {
        f"{_START} -> path = [np.array(x0)]": _FLOATS,
        "return np.array(path) -> return path": "A list of rows is accepted as an array.",
    },
    "sgd_step": {
        f"{_STEP}X) -> {_STEP}y)": "There are as many targets as rows.",
    },
    "descend_until": {
        "x = np.array(x0, dtype=float) -> x = np.array(x0)": _UNTOUCHED,
        "for step in range(max_steps + 1): -> for step in range(max_steps + 2):": "The additional "
        "round takes no step, and looks once more at the same point.",
    },
}
