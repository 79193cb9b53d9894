"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_SHARE = "return np.mean(np.argmax(predict(params, X), axis={}) == labels)"
_START = (
    "return {{'W1': rng.standard_normal((2, hidden)), 'b1': np.{}(hidden), "
    "'W2': rng.standard_normal((hidden, 2)), 'b2': np.{}(2)}}"
)
_LOSS = "loss = np.sum(({}) ** 2) / (2 * n) + l2 / 2 * (np.sum(W1 ** 2) + np.sum(W2 ** 2))"
_BIASES = "Where the biases start is left open: it is the weights that must differ."

EQUIVALENT = {
    "accuracy": {
        f"{_SHARE.format(1)} -> {_SHARE.format(-1)}": "The outputs have two axes.",
    },
    "init_params": {
        f"{_START.format('zeros', 'zeros')} -> {_START.format('ones', 'zeros')}": _BIASES,
        f"{_START.format('zeros', 'zeros')} -> {_START.format('zeros', 'ones')}": _BIASES,
        "a tenth too large": "The size of the weights is left open, from 0.2 to 2: with 1.1 in "
        "place of 1 the network learns as well.",
    },
    "loss_and_gradients": {
        "n = len(X) -> n = len(Y)": "There are as many wanted outputs as samples.",
        f"{_LOSS.format('out - Y')} -> {_LOSS.format('Y - out')}": "(a − b)² = (b − a)².",
    },
}
