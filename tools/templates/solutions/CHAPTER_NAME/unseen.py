"""Answers by people who had not seen the checks, right ones and wrong ones.

Each wrong one has the names of the catalogue's rows that truly describe it, or none:
`WRONG = {"exercise": [(function, ("row",)), ...]}` and `RIGHT = {"exercise": [function, ...]}`.
Students must not see this file; `make certify` reads it.
"""

from collections.abc import Callable
from typing import Any

WRONG: dict[str, list[tuple[Callable[..., Any], tuple[str, ...]]]] = {}
RIGHT: dict[str, list[Callable[..., Any]]] = {}
