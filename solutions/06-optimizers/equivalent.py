"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_SHAPE = "w and g are of one shape, so zeros like the one are zeros like the other."
_PATH = "path = [np.array(w0, dtype=float)] -> "
_FLOATS = "The first step makes floats of it, and a start alone has whole numbers as its values."


def _like_g(name: str) -> dict[str, str]:
    w, g = (f"{name} = np.zeros_like({one}) if state is None else state" for one in "wg")
    return {f"{w} -> {g}": _SHAPE}


_ADAM = "m, v, t = (np.zeros_like({}), np.zeros_like({}), 0) if state is None else state"

EQUIVALENT = {
    "momentum_step": _like_g("velocity"),
    "run": {
        _PATH + "path = [np.array(w0)]": _FLOATS,
        _PATH + "path = [w0]": _FLOATS,
        "return np.array(path) -> return path": "A list of rows is accepted as an array.",
    },
    "adagrad_step": _like_g("squares"),
    "rmsprop_step": _like_g("square"),
    "adam_step": {
        f"{_ADAM.format(*'ww')} -> {_ADAM.format(*'gw')}": _SHAPE,
        f"{_ADAM.format(*'ww')} -> {_ADAM.format(*'wg')}": _SHAPE,
    },
}
