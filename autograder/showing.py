"""Makes what students wrote and showed harmless to the browser of whoever opens it.

A picture is shown as a picture: as an image in which no browser runs anything.
"""

import base64
import binascii
import re
import time
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode

from autograder import clock
from autograder.cells import PICTURES, role
from autograder.words import as_text

#: The id of the cell in which the judge says what it has to say.
NOTE = "about-the-grading"

#: nbconvert's list of what a cell's outputs may be.
_LIST = SanitizeHTML(enabled=True)  # type: ignore[no-untyped-call]


def harmless(cell: NotebookNode) -> NotebookNode:
    """Return a cell with everything in it made harmless that a browser would act on.

    Only the instructor's own text is left as it is. Reports and notes hold words of students, too.
    """
    if cell.cell_type == "code":
        cell.outputs = [_output(one) for one in cell.outputs]
    elif role(cell) != "given":
        cell.source = _markdown(cell.source, cell.get("attachments", {}))
    return cell


def all_harmless(cells: Sequence[NotebookNode], seconds: float) -> list[NotebookNode]:
    """Return cells made harmless; those for which there is no time left, as their plain text.

    Parameters
    ----------
    cells : sequence of cells
    seconds : float
        For all of them together: what was written to take long may take no longer.
    """
    end, made = time.monotonic() + seconds, []
    for cell in cells:
        try:
            with clock.limited(end - time.monotonic()):
                made.append(harmless(cell))
        except clock.Overdue:
            made.append(_as_text(cell))
    return made


def _as_text(cell: NotebookNode) -> NotebookNode:
    """Return a cell of which only the text is shown, and pictures as they are."""
    if cell.cell_type != "code":
        cell.source = fenced(cell.source)
    for output in cell.get("outputs", ()):
        if "data" in output:
            kept = {"text/plain", *PICTURES[:2]}
            output.data = {kind: one for kind, one in output.data.items() if kind in kept}
            output.data.setdefault("text/plain", "This took too long to be made harmless.")
    return cell


def _output(output: NotebookNode) -> NotebookNode:
    data = output.get("data", {})
    if "text/markdown" in data:
        data["text/markdown"] = _markdown(data["text/markdown"])
    if _ACTS.search(str(data.get("text/latex", ""))):
        data.setdefault("text/plain", data.pop("text/latex"))
        data.pop("text/latex", None)
    page = str(data.pop("text/html", ""))
    if re.fullmatch(r"\s*<svg\b.*</svg>\s*", page, re.DOTALL):
        data["image/svg+xml"], page = page, ""
    shown = {kind: one for kind, one in data.items() if kind in PICTURES and isinstance(one, str)}
    (output,) = _LIST.sanitize_code_outputs([output])  # type: ignore[no-untyped-call]
    if page and not is_harmless(page):
        page = "" if set(shown) & set(PICTURES[:2]) else _LIST.sanitize_html_tags(page)  # type: ignore[no-untyped-call]
    if shown and not set(shown) & set(PICTURES[:2]):
        page += next(_image(kind, one) for kind, one in shown.items())
    if page:
        data["text/html"] = page
    return output


def _image(kind: str, content: str) -> str:
    """Return a picture as a piece of a page."""
    if kind == "image/svg+xml":
        drawn = harmless_svg(content)
        if drawn is None:
            return "<p>A drawing (SVG) that cannot be read.</p>"
        content = base64.b64encode(drawn.encode()).decode()
    elif (plain := base64_of(content)) is None:
        return f"<p>A picture ({kind}) that cannot be read.</p>"
    else:
        content = plain
    return f'<img alt="A picture of the student\'s" src="data:{kind};base64,{content}">'


def base64_of(content: str) -> str | None:
    r"""Return what a picture is in base64 without blanks, or None if it is not in base64.

    Examples
    --------
    >>> base64_of("iVBO\nRw=="), base64_of('"><script>')
    ('iVBORw==', None)
    """
    plain = "".join(content.split())
    try:
        base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return None
    return plain


# --- Markdown -------------------------------------------------------------------------------------

_RESIZED = re.compile(r"""(<img\b[^<>]*?\bsrc\s*=\s*)(["'])attachment:([\w.%-]+)\2""")
#: What a formula could lead to, or lay over the page, where it is typeset by MathJax.
_ACTS = re.compile(r"\\(href|url|style|class|cssId|require|html\w+|includegraphics)\b")


def _markdown(source: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return Markdown that shows the same, or, if it would do anything, its text.

    What is looked at is the page that it makes: Markdown has too many ways to write a link.
    """
    pictures = attachments or {}
    missing: list[str] = []

    def embedded(found: re.Match[str]) -> str:
        kinds = pictures.get(unquote(found[3]), {})
        return next(
            (
                f"{found[1]}{found[2]}data:{kind};base64,{one}{found[2]}"
                for kind, one in kinds.items()
            ),
            f"{found[1]}{found[2]}#{found[2]}",
        )

    def present(found: re.Match[str]) -> str:
        if found[1] in pictures:
            return found[0]
        missing.append(unquote(found[1]))
        return "#"

    # Nobody but Jupyter itself shows an attachment that was resized; and one that is missing would
    # end the making of the feedback.
    source = _RESIZED.sub(embedded, source)
    source = re.sub(r"\battachment:([\w.%-]*)", present, source)
    said = "".join(f"\n\n*{_NOT_SHOWN}: {as_text(one[:80])}*" for one in dict.fromkeys(missing))
    page = _page(source, {name: {"image/png": ""} for name in pictures})
    if page is not None and is_harmless(page):
        return source + said
    shown = "".join(f"\n\n![](attachment:{name})" for name in pictures)
    return f"{fenced(source)}{shown}{said}"


_NOT_SHOWN = "A picture is missing here, or is of a kind that a page cannot show"


def fenced(source: str) -> str:
    """Return Markdown that shows a text as it is."""
    fence = "`" * (3 + max((len(run) for run in re.findall("`+", source)), default=0))
    return f"{fence}text\n{source}\n{fence}"


def _page(source: str, attachments: dict[str, dict[str, str]]) -> str | None:
    """Return the page that a cell makes, or None if it makes none."""
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    # mistune takes quadratic time for blanks at the end of a line, which mean nothing there.
    lines = "\n".join(line.rstrip(" \t") for line in source.split("\n"))
    try:
        page: str = MarkdownWithMath(renderer=renderer).render(lines)
    except (InvalidNotebook, ValueError, RecursionError):
        return None
    return page


# --- drawings -------------------------------------------------------------------------------------

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    [
        *("svg", "g", "defs", "title", "desc", "symbol", "use", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "marker", "pattern"),
    ]
)
_LINK = "{http://www.w3.org/1999/xlink}href"


def harmless_svg(drawing: str) -> str | None:
    r"""Return a drawing with nothing in it but shapes and text, or None if it is none.

    Examples
    --------
    >>> harmless_svg('<svg onload="act()"><script>act()</script><circle r="9"/></svg>')
    '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" /></svg>'
    >>> harmless_svg("<svg><circle></svg>")
    """
    plain = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*>", "", drawing)
    if "<!" in re.sub(r"<!--.*?-->", "", plain, flags=re.DOTALL):  # an entity, which may be a bomb
        return None
    try:
        root = ElementTree.fromstring(plain)
    except (ElementTree.ParseError, ValueError):
        return None
    if _plain_name(root.tag) != "svg":
        return None
    _prune(root)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _plain_name(tag: Any) -> str:
    """Return an element's name if it is one of SVG's, whether the drawing says so or not."""
    return str(tag).removeprefix(f"{{{_SVG}}}")


def _prune(element: ElementTree.Element) -> None:
    element.tag = f"{{{_SVG}}}{_plain_name(element.tag)}"
    for name, value in list(element.attrib.items()):
        local = value.strip().startswith("#") if name in (_LINK, "href") else _is_local(value)
        known = name == _LINK or re.fullmatch(r"(?!on)[A-Za-z][A-Za-z-]*", name)
        if not (known and local):
            del element.attrib[name]
    if element.text and not _is_local(element.text):
        element.text = ""
    for one in list(element):
        if _plain_name(one.tag) in _ELEMENTS:
            _prune(one)
        else:
            element.remove(one)


def _is_local(text: str) -> bool:
    """Whether an attribute or a style asks for nothing from elsewhere."""
    plain = re.sub(r"url\(\s*['\"]?#[\w-]+['\"]?\s*\)", "", text)
    return not re.search(r"url\s*\(|@import|script:|\\", plain, re.IGNORECASE)


# --- pages ----------------------------------------------------------------------------------------


#: Where a picture may come from: the page itself, or a file beside the notebook.
_SOURCE = re.compile(
    rf"#.*|data:({'|'.join(map(re.escape, PICTURES))});.*"
    r"|(?!.*\.\.)\w[\w./-]*\.(png|jpe?g|gif|webp)"
)
_STYLE = re.compile(
    r"((text-align:(left|right|center)|(max-)?(width|height):[\d.]+(px|%|em)"
    # and what the reports of the checks have
    r"|vertical-align:top|color:inherit|font-weight:bold|white-space:nowrap|cursor:pointer"
    r"|text-decoration:underline|border-left:.3emsolid|padding-left:.6em|margin:.6em0"
    r"|background:#fff)(;|$))+"
)


class _Tags(HTMLParser):
    """Looks for tags and addresses that a browser would act on."""

    ALLOWED = frozenset(
        [
            "p",
            "br",
            "hr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "em",
            "strong",
            "b",
            "i",
            "u",
            "s",
            "del",
            "sub",
            "sup",
            "code",
            "pre",
            "span",
            "div",
            "blockquote",
            "ul",
            "ol",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "a",
            "img",
            "details",
            "summary",
            "dl",
            "dt",
            "dd",
            "caption",
            "figure",
            "figcaption",
        ]
    )
    ATTRIBUTES = frozenset(
        [
            "class",
            "id",
            "title",
            "alt",
            "colspan",
            "rowspan",
            "align",
            "start",
            "width",
            "height",
            "scope",
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self.harmless = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.ALLOWED:
            self.harmless = False
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name == "href":
                fine = address.startswith(("#", "https:", "http:", "mailto:"))
            elif name == "src":
                fine = bool(_SOURCE.fullmatch(address))
            elif name == "style":
                fine = bool(_STYLE.fullmatch(address))
            else:
                fine = name in self.ATTRIBUTES
            self.harmless = self.harmless and fine

    def handle_data(self, data: str) -> None:
        self.harmless = self.harmless and not _ACTS.search(data)

    def handle_decl(self, decl: str) -> None:
        self.harmless = False

    def unknown_decl(self, data: str) -> None:
        self.harmless = False

    def handle_pi(self, data: str) -> None:
        self.harmless = False


def is_harmless(page: str) -> bool:
    """Whether a piece of HTML only shows something: no script, no frame, no foreign picture.

    Examples
    --------
    >>> is_harmless("<p>a <b>c</b></p>"), is_harmless('<a href="java&#115;cript:alert(1)">x</a>')
    (True, False)
    """
    tags = _Tags()
    tags.feed(page)
    tags.close()
    return tags.harmless
