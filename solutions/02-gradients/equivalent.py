"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_STEP = "Twice or half the step is as good: the errors of the difference stay far below the limit."
_LENGTH = "A relative error does not depend on the length of the direction."
_RATIO = "errors.append(abs(a - b) / larger if larger > 0 else 0.0)"

EQUIVALENT = {
    "gradient_error": {
        "h = 1e-05 -> h = 2e-05": _STEP,
        "h = 1e-05 -> h = 5e-06": _STEP,
        "h = 1e-05 -> h = -1e-05": "With −h the two points are exchanged, and so is the sign.",
        "u = u / np.linalg.norm(u) -> (removed)": _LENGTH,
        "u = u / np.linalg.norm(u) -> u = u * np.linalg.norm(u)": _LENGTH,
        "u = u / np.linalg.norm(u) -> u = u": _LENGTH,
        "larger = max(abs(a), abs(b)) -> larger = max(abs(b), abs(a))": "max(p, q) = max(q, p).",
        f"{_RATIO} -> {_RATIO.replace('abs(a - b)', 'abs(b - a)')}": "|a − b| = |b − a|.",
    },
}
