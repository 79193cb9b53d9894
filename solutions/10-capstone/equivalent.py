"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_LABELS = "There are as many labels as samples."
_ROWS = "rows, states, losses = (np.arange(len({})), dict.fromkeys(params), [])"
_STEPS = "for k in range(choices['steps'] + {}):"
_START = "start = start_network(X.shape[{}], MY_HIDDEN, np.max(labels) + {}, rng)"

EQUIVALENT: dict[str, dict[str, str]] = {
    "split": {
        "order = rng.permutation(len(X)) -> order = rng.permutation(len(labels))": _LABELS,
        "k = round(fraction * len(X)) -> k = round(fraction * len(labels))": _LABELS,
    },
    "train_network": {
        f"{_ROWS.format('X')} -> {_ROWS.format('labels')}": _LABELS,
        "D2 = D2 / len(X) -> D2 = D2 / len(labels)": _LABELS,
        f"{_STEPS.format(1)} -> {_STEPS.format(2)}": "The loop is left when k is the number of "
        "steps, so that the additional round is never begun.",
        "break -> continue": "It stands in the last round, after which the loop ends by itself.",
        "D2 = P.copy() -> D2 = P": "P is not needed any more, and the next round makes a new one.",
    },
    "my_program": {
        f"{_START.format(1, 1)} -> {_START.format(-1, 1)}": "The samples have two axes.",
        f"{_START.format(1, 1)} -> {_START.format(1, 2)}": "An output for a class that no sample "
        "has is pushed down in every step, and is never the largest.",
    },
}
