"""Lets nbgrader's Validate show the student's own error before one that only follows from it.

A cell with a slip of syntax defines nothing, and the check below it then cannot find the function:
Validate would show that, and not the slip.
"""

import ast
import contextlib
import os
import re
import sys
import textwrap
from typing import Any

from nnchecks.engine.report import NBGRADER_MODE

#: Validate cuts longer lines off.
_WIDTH = 70


def explain(name: str, cells: list[tuple[str, BaseException]]) -> str:
    r"""Return why a name is missing, or nothing if no cell explains it.

    Parameters
    ----------
    name : str
    cells : list of (str, exception)
        The cells that failed before, and with what.

    Examples
    --------
    >>> print(explain("half", [("def half(x):\n  return x /", SyntaxError("invalid syntax"))]))
    SyntaxError: invalid syntax
    in the cell that begins with `def half(x):`
    So `half` was never defined. Mend that cell first, then run it and
    this check again.
    """
    defines = re.compile(rf"^\s*(?:def|class)\s+{re.escape(name)}\b|^{re.escape(name)}\b.*=", re.M)
    found = next((one for one in cells if defines.search(one[0])), None)
    if found is None:
        return ""
    source, error = found
    if getattr(error, "msg", "") == "incomplete input":  # IPython's; Python says what is not closed
        with contextlib.suppress(ValueError):
            try:
                ast.parse(source)
            except SyntaxError as plain:
                error = plain
    lines = [f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"]
    number, text = getattr(error, "lineno", None), getattr(error, "text", None)
    if number and text:
        lines.append(f"line {number}: {text.strip()}")
    first = next(line for line in source.splitlines() if line.strip())
    lines.append(f"in the cell that begins with `{first.strip()}`")
    lines.append(
        f"So `{name}` was never defined. Mend that cell first, then run it and this check again."
    )
    return "\n".join(line for long in lines for line in textwrap.wrap(long, _WIDTH) or [""])


def explain_missing_names() -> None:
    """While Validate runs a notebook, let its NameErrors say which cell failed before."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell: Any = get_ipython() if get_ipython else None
    if shell is None or os.environ.get(NBGRADER_MODE) != "validate":
        return
    failed: list[tuple[str, BaseException]] = []

    def note(result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            failed.append((result.info.raw_cell, error))

    def show(
        own: Any, kind: type, value: NameError, trace: Any, tb_offset: int | None = None
    ) -> Any:
        said = explain(value.name or "", failed)
        lines = (
            [said]
            if said
            else own.InteractiveTB.structured_traceback(kind, value, trace, tb_offset=tb_offset)
        )
        own._showtraceback(kind, value, lines)
        return lines

    shell.events.register("post_run_cell", note)
    shell.set_custom_exc((NameError,), show)
