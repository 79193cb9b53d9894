"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

from nnlib.backprop_by_hand import HAND_FORMULAS

_EMPTY = f"my_numbers = {dict.fromkeys(HAND_FORMULAS)}"
_SQUARED = "(a − b)² = (b − a)²."
_LENGTHS = "X and T always have the same length."
_TWO_AXES = "X == x has two axes, so that 1 and −1 are the same axis."

EQUIVALENT = {
    "my_numbers": {
        **{
            f"{_EMPTY} -> {_EMPTY.replace(repr(name), repr(name + '_'))}": (
                f"This is the empty table with another name for {name}; the full one replaces it."
            )
            for name in HAND_FORMULAS
        },
        "if not any(my_numbers.values()): -> if not all(my_numbers.values()):": (
            "The table above holds nothing but None, so that none is any and not all are."
        ),
    },
    "forward": {
        "return (h, np.tanh(W2 @ h)) -> return (h, np.tanh(h @ W2))": (
            "The dot product of two vectors does not depend on their order."
        ),
    },
    "fixed_training": {
        "for x, target in zip(X, T, strict=True): -> for x, target in zip(X, T):": _LENGTHS,
        "for x, target in zip(X, T, strict=True): -> for x, target in zip(X, T, strict=False):": (
            _LENGTHS
        ),
        "losses.append(np.sum((outputs - T) ** 2) / 2) -> "
        "losses.append(np.sum((T - outputs) ** 2) / 2)": _SQUARED,
    },
    "parity_bound": {
        "same = np.all(x == X, axis=1) -> same = np.all(x == X, axis=-1)": _TWO_AXES,
        "opposite = np.all(-x == X, axis=1) -> opposite = np.all(-x == X, axis=-1)": _TWO_AXES,
        "total += np.mean((wanted - np.mean(wanted)) ** 2) -> "
        "total += np.mean((np.mean(wanted) - wanted) ** 2)": _SQUARED,
    },
}
