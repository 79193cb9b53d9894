"""What every public function asks of its arguments, and the words in which it says so.

One rule for the whole package: whatever real numbers come in, float64 is computed with, and the
caller's arrays are never changed. Messages name the argument, what was given, what is wanted.
"""

import math
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
T = TypeVar("T")


def as_float_array(name: str, value: npt.ArrayLike, *, ndim: int | None = None) -> Array:
    """Return `value` as a float64 array that shares no memory with it.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : array_like of real numbers, any shape
        Integers, booleans and every float width are promoted to float64.
    ndim : int, optional
        The number of axes that is wanted.

    Returns
    -------
    numpy.ndarray of float64, the shape of `value`

    Raises
    ------
    TypeError
        If `value` does not hold real numbers.
    ValueError
        If it is ragged, has another number of axes, or holds NaN or infinity (the index is named).

    Examples
    --------
    >>> as_float_array("x", [3, 4])
    array([3., 4.])
    """
    try:
        given = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"`{name}` must be a regular array, but its rows differ in length.") from (
            error
        )
    if given.dtype.kind not in "buif":
        raise TypeError(
            f"`{name}` must hold real numbers, but its dtype is {given.dtype}. "
            "Pass integers or floats."
        )
    if ndim is not None and given.ndim != ndim:
        raise ValueError(f"`{name}` must have {ndim} axes, but its shape is {given.shape}.")
    array = np.array(given, dtype=np.float64)
    if not np.isfinite(array).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f"`{name}`{list(index)}" if index else f"`{name}`"
        raise ValueError(f"{place} is {array[index]}; every entry must be a finite number.")
    return array


def as_positive(name: str, value: float, *, zero: bool = False) -> float:
    """Return `value` as a finite float above zero (or, with `zero`, not below it).

    Examples
    --------
    >>> as_positive("h", 1e-5)
    1e-05
    """
    plain = type(value) is float and math.isfinite(value)  # spares the way through an array
    number = value if plain else as_float_array(name, value, ndim=0).item()
    if number < 0 or (number == 0 and not zero):
        wanted = "zero or more" if zero else "greater than zero"
        raise ValueError(f"`{name}` must be {wanted}, but it is {number:g}.")
    return float(number)


def as_count(name: str, value: int, *, least: int = 0) -> int:
    """Return `value` as an int of at least `least`; booleans and 2.0 are refused.

    Examples
    --------
    >>> as_count("steps", 10)
    10
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(f"`{name}` must be a whole number, but it is {value!r}.")
    if value < least:
        raise ValueError(f"`{name}` must be at least {least}, but it is {value}.")
    return int(value)


def choose(name: str, key: str, table: Mapping[str, T]) -> T:
    """Look `key` up in `table`, or say which names there are.

    Examples
    --------
    >>> choose("method", "central", {"forward": 1, "central": 2})
    2
    """
    if key not in table:
        raise ValueError(f"`{name}` must be one of {', '.join(table)}, but it is {key!r}.")
    return table[key]


def same_shape(name: str, value: npt.NDArray[Any], other: str, wanted: tuple[int, ...]) -> None:
    """Raise ValueError unless `value` has the shape `wanted`, which `other` has.

    Examples
    --------
    >>> same_shape("target", np.zeros(3), "output", (3,))
    """
    if value.shape != wanted:
        raise ValueError(
            f"`{name}` has shape {value.shape}, but `{other}` has shape {wanted}; "
            "they must be the same."
        )
