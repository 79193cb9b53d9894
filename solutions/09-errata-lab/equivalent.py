"""Changes of the solutions that change no result, each with the reason (see tools/mutants.py).

An entry that the checks reject, or that no mutant has any more, is an error in `make certify`.
"""

_TWO_AXES = "y has two axes, so that 1 and −1 are the same axis."
_SYMMETRIC = "The distance from one sample to another is the same both ways."
_PROMOTED = (
    "x + rate · gradient is an array of floats, whatever x is, and nothing is changed in place."
)
_FIRST = "The path has one point then, the first and the last."
_DISTANCES = "distances = np.sum((X[:, None] - X[None]) ** 2, axis=2)"

EQUIVALENT = {
    "mean_cross_entropy": {
        "t = np.eye(y.shape[1])[t] -> t = np.eye(y.shape[-1])[t]": _TWO_AXES,
        "return -np.sum(t * np.log(y)) / len(y) -> return -np.sum(t * np.log(y)) / len(t)": (
            "There are as many labels as rows."
        ),
    },
    "find_optimum": {
        "x = np.array(x0, dtype=float) -> x = np.array(x0)": _PROMOTED,
        "x = np.array(x0, dtype=float) -> x = x0": _PROMOTED,
    },
    "ridge_gradient": {
        "return X.T @ (X @ w - y) / len(y) + penalty * w -> "
        "return X.T @ (X @ w - y) / len(X) + penalty * w": "There are as many rows as targets.",
    },
    "leave_one_out_accuracy": {
        f"{_DISTANCES} -> {_DISTANCES.replace('sum', 'mean')}": (
            "The mean of the squares is their sum over a number that is the same for all samples."
        ),
        f"{_DISTANCES} -> distances = np.sum((X[None] - X[:, None]) ** 2, axis=2)": _SYMMETRIC,
        f"{_DISTANCES} -> distances = np.sum((X[:, None] - X) ** 2, axis=2)": (
            "NumPy puts the missing axis in front by itself."
        ),
        "nearest = distances.argmin(axis=1) -> nearest = distances.argmin(axis=0)": _SYMMETRIC,
        "nearest = distances.argmin(axis=1) -> nearest = distances.argmin(axis=-1)": (
            "Of two axes number 1 is the last."
        ),
    },
    "heavy_ball": {
        "path = [np.array(x0, dtype=float)] -> path = [np.array(x0)]": _PROMOTED,
        "path = [np.array(x0, dtype=float)] -> path = [x0]": _PROMOTED,
        "velocity = np.zeros_like(path[0]) -> velocity = np.zeros_like(path[0 - 1])": _FIRST,
        "velocity = np.zeros_like(path[0]) -> velocity = np.zeros_like(path[-1])": _FIRST,
        "return np.array(path) -> return path": "A list of points is accepted as well.",
    },
    "saturated_units": {
        "return np.abs(v) > limit -> return np.abs(v) >= limit": (
            "No argument lies exactly at the limit."
        ),
    },
}
