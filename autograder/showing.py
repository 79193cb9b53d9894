"""Makes what students wrote and showed harmless to the browser of whoever opens it."""

import re
from html.parser import HTMLParser

from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode

from autograder.cells import role

#: The id of the cell in which the judge says what it has to say.
NOTE = "about-the-grading"

#: nbconvert's list of what a cell's outputs may be.
_LIST = SanitizeHTML(enabled=True)  # type: ignore[no-untyped-call]


def harmless(cell: NotebookNode) -> NotebookNode:
    """Return a cell with everything in it made harmless that a browser would act on.

    The reports of the checks and the instructor's own text are left as they are: they come from the
    release and from the judge, and nbconvert's list would take the tables apart.
    """
    if role(cell) == "test" or cell.get("id") == NOTE:
        return cell
    if cell.cell_type == "code":
        for output in cell.outputs:
            data = output.get("data", {})
            if "text/markdown" in data:
                data["text/markdown"] = _markdown(data["text/markdown"])
        cell.outputs = _LIST.sanitize_code_outputs(cell.outputs)  # type: ignore[no-untyped-call]
    elif role(cell) != "given":
        cell.source = _markdown(cell.source)
    return cell


def _markdown(source: str) -> str:
    """Return Markdown that shows the same, or, if it would do anything, its text.

    What is looked at is the page that it makes: Markdown has too many ways to write a link.
    """
    shown = re.sub(r"[ \t]+$", "", source, flags=re.MULTILINE)
    shown = re.sub(r"\(attachment:[\w. %-]*\)", "(#)", shown)
    if is_harmless(markdown2html_mistune(shown)):
        return source
    fence = "`" * (3 + max((len(run) for run in re.findall("`+", source)), default=0))
    return f"{fence}text\n{source}\n{fence}"


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
        ]
    )
    ATTRIBUTES = frozenset(["class", "id", "title", "alt", "colspan", "rowspan", "align", "start"])

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
                fine = address.startswith(("#", "data:image/png;", "data:image/jpeg;"))
            elif name == "style":
                fine = bool(re.fullmatch(r"text-align:(left|right|center);?", address))
            else:
                fine = name in self.ATTRIBUTES
            self.harmless = self.harmless and fine

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
