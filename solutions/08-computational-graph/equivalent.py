"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_RELU = "return Value(max(self.data, 0.0), [(self, float(self.data > 0))])"

EQUIVALENT = {
    "Value": {
        f"{_RELU} -> {_RELU.replace('self.data, 0.0', '0.0, self.data')}": (
            "The larger of two numbers does not depend on their order."
        ),
        f"{_RELU} -> {_RELU.replace('float(self.data > 0)', 'self.data > 0')}": (
            "True and False multiply as 1 and 0."
        ),
        f"{_RELU} -> {_RELU.replace('> 0', '>= 0')}": (
            "The derivative at 0 itself is left open, and not asked for."
        ),
    },
}
