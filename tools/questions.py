"""The question bank: every quiz of the book, and more, for a learning platform.

    python -m tools.questions          writes _build/questions/moodle.xml and qti.zip

A question stands where its reader needs it, in a chapter, in this form:

    **Question 3.** You compute in `float32`. Which step do you take?

    - (a) ...
    - (b) ...

    :::{admonition} Answer 3
    :class: dropdown
    **(b)**, because ... (a) ...
    :::

`solutions/questions.md` has further ones in the same form, which no student sees beforehand.
"""

import argparse
import html
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tools.course import ROOT

#: Where questions are, in the order of the book; the further ones come last.
FURTHER = Path("solutions/questions.md")

_QUESTION = re.compile(
    r"^\*\*Question (?P<number>\d+)\.\*\* (?P<text>.*?)\n\n(?P<choices>- \(a\) .*?)\n\n"
    r":::\{admonition\} Answer (?P=number)\n:class: dropdown\n(?P<answer>.*?)\n:::$",
    re.MULTILINE | re.DOTALL,
)
_CHOICE = re.compile(r"^- \((\w)\) (.*?)(?=\n- \(\w\) |\Z)", re.MULTILINE | re.DOTALL)
_RIGHT = re.compile(r"\*\*\((\w)\)\.?\*\*")
_HEADING = re.compile(r"^#{1,2} (.+)$", re.MULTILINE)
#: What is a link in the book and words elsewhere.
_ROLES = (
    (re.compile(r"\{term\}`([^`<]+?) *<[^>]*>`"), r"\1"),
    (re.compile(r"\{term\}`([^`]+)`"), r"\1"),
    (re.compile(r"\{(?:ref|doc)\}`([^`<]+?) *<[^>]*>`"), r"\1"),
    (re.compile(r"\{numref\}`[^`]*`"), "a figure of the chapter"),
    (re.compile(r"\{(?:ref|doc|eq|cite)\}`[^`]*`"), "the chapter"),
)


class BrokenQuestion(ValueError):
    """A question is not in the form that this module reads; the message says where."""


@dataclass(frozen=True)
class Question:
    """One question, in Markdown.

    Attributes
    ----------
    name : str
        Chapter and number, for example "04-backprop-by-hand 3".
    topic : str
        The chapter's title.
    text : str
    choices : tuple of str
    right : int
        Which of them is right, from 0.
    explanation : str
    """

    name: str
    topic: str
    text: str
    choices: tuple[str, ...]
    right: int
    explanation: str


def read(path: Path) -> list[Question]:
    """Return the questions of a chapter, or of the further ones.

    Raises
    ------
    BrokenQuestion
    """
    source = path.read_text(encoding="utf-8")
    found = []
    for match in _QUESTION.finditer(source):
        where = f"{path.name}, question {match['number']}"
        choices = _CHOICE.findall(match["choices"])
        letters = "".join(letter for letter, _ in choices)
        right = _RIGHT.match(match["answer"])
        if letters != "abcdef"[: len(letters)] or len(letters) < 3:
            raise BrokenQuestion(f"{where}: the choices are ({letters}); write (a), (b), (c) …")
        if right is None or right[1] not in letters:
            raise BrokenQuestion(f"{where}: the answer does not begin with its letter, as **(b).**")
        headings = _HEADING.findall(source, 0, match.start())
        further = path.name == FURTHER.name
        found.append(
            Question(
                f"{path.stem} {match['number']}",
                headings[-1] if further else headings[0],
                match["text"],
                tuple(text for _, text in choices),
                letters.index(right[1]),
                match["answer"],
            )
        )
    announced = len(re.findall(r"^\*\*Question \d+", source, re.MULTILINE))
    if announced != len(found):
        raise BrokenQuestion(
            f"{path.name}: {announced} questions are announced and {len(found)} could be read; "
            "see the form in tools/questions.py."
        )
    return found


def bank(root: Path = ROOT) -> list[Question]:
    """Return every question of the book, and the further ones, each with its chapter's."""
    paths = [*sorted((root / "chapters").glob("[0-9][0-9]-*.md")), root / FURTHER]
    found = [question for path in paths for question in read(path)]
    topics = list(dict.fromkeys(question.topic for question in found))
    return sorted(found, key=lambda question: topics.index(question.topic))


def to_html(text: str) -> str:
    r"""Return Markdown as HTML, with formulas as platforms read them.

    Examples
    --------
    >>> to_html("Is $h < 1$ in `f(x)`?")
    '<p>Is \\(h &lt; 1\\) in <code>f(x)</code>?</p>'
    """
    for role, words in _ROLES:
        text = role.sub(words, text)
    reader = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    reader.add_render_rule("math_inline", _inline)
    reader.add_render_rule("math_block", _block)
    return str(reader.render(text)).strip()


def _inline(_self: object, tokens: Sequence[object], place: int, *_: object) -> str:
    return rf"\({html.escape(tokens[place].content, quote=False)}\)"  # type: ignore[attr-defined]


def _block(_self: object, tokens: Sequence[object], place: int, *_: object) -> str:
    return rf"\[{html.escape(tokens[place].content, quote=False)}\]"  # type: ignore[attr-defined]


# --- Moodle ---------------------------------------------------------------------------------------


def moodle(questions: Iterable[Question]) -> bytes:
    """Return the questions as Moodle XML, a category for each chapter.

    Source: Moodle's documentation, "Moodle XML format".
    """
    quiz = ET.Element("quiz")
    topic = ""
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            category = ET.SubElement(quiz, "question", type="category")
            path = f"$course$/Neural Networks by Hand/{topic.replace('/', '//')}"
            _text(ET.SubElement(category, "category"), path)
        one = ET.SubElement(quiz, "question", type="multichoice")
        _text(ET.SubElement(one, "name"), question.name)
        _text(ET.SubElement(one, "questiontext", format="html"), to_html(question.text))
        _text(ET.SubElement(one, "generalfeedback", format="html"), to_html(question.explanation))
        for name, value in (
            ("defaultgrade", "1"),
            ("penalty", "0.3333333"),
            ("single", "true"),
            ("shuffleanswers", "false"),  # the explanation speaks of (a), (b) and (c)
            ("answernumbering", "abc"),
        ):
            ET.SubElement(one, name).text = value
        for number, choice in enumerate(question.choices):
            fraction = "100" if number == question.right else "0"
            answer = ET.SubElement(one, "answer", fraction=fraction, format="html")
            _text(answer, to_html(choice))
    ET.indent(quiz)
    return bytes(ET.tostring(quiz, "utf-8", xml_declaration=True))


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text


# --- QTI ------------------------------------------------------------------------------------------

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"


def qti(questions: Iterable[Question]) -> bytes:
    """Return the questions as a QTI 2.1 package: one item each, and a manifest.

    Source: IMS Question and Test Interoperability, version 2.1, and IMS Content Packaging 1.1.
    """
    manifest = ET.Element("manifest", xmlns=_CP, identifier="neural-networks-by-hand")
    metadata = ET.SubElement(manifest, "metadata")
    ET.SubElement(metadata, "schema").text = "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = "1.0.0"
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for question in questions:
            name = "q-" + re.sub(r"[^a-z0-9]+", "-", question.name.lower())
            about = {"identifier": name, "type": "imsqti_item_xmlv2p1", "href": f"{name}.xml"}
            resource = ET.SubElement(resources, "resource", about)
            ET.SubElement(resource, "file", href=f"{name}.xml")
            _add(package, f"{name}.xml", _item(name, question))
        ET.indent(manifest)
        _add(package, "imsmanifest.xml", ET.tostring(manifest, "utf-8", xml_declaration=True))
    return made.getvalue()


def _add(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file with a date that is the same in every run."""
    package.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)


def _item(name: str, question: Question) -> bytes:
    letters = "abcdef"[: len(question.choices)]
    about = {"xmlns": _QTI, "identifier": name, "title": question.name}
    item = ET.Element("assessmentItem", about, adaptive="false", timeDependent="false")
    response = {"identifier": "RESPONSE", "cardinality": "single", "baseType": "identifier"}
    declared = ET.SubElement(item, "responseDeclaration", response)
    correct = ET.SubElement(declared, "correctResponse")
    ET.SubElement(correct, "value").text = letters[question.right]
    for outcome, kind in (("SCORE", "float"), ("FEEDBACK", "identifier")):
        ET.SubElement(
            item,
            "outcomeDeclaration",
            {"identifier": outcome, "cardinality": "single", "baseType": kind},
        )
    body = ET.SubElement(item, "itemBody")
    body.append(_block_of(question.text))
    choices = {"responseIdentifier": "RESPONSE", "shuffle": "false", "maxChoices": "1"}
    asked = ET.SubElement(body, "choiceInteraction", choices)
    for letter, choice in zip(letters, question.choices, strict=True):
        one = ET.SubElement(asked, "simpleChoice", identifier=letter)
        one.append(_block_of(choice))
    template = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
    ET.SubElement(item, "responseProcessing", template=template)
    shown = {"outcomeIdentifier": "FEEDBACK", "identifier": "none", "showHide": "hide"}
    feedback = ET.SubElement(item, "modalFeedback", shown)
    feedback.append(_block_of(question.explanation))
    ET.indent(item)
    return bytes(ET.tostring(item, "utf-8", xml_declaration=True))


def _block_of(text: str) -> ET.Element:
    """Return Markdown as one element of XHTML."""
    return ET.fromstring(f"<div>{to_html(text)}</div>")


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "questions")
    options = parser.parse_args()
    try:
        questions = bank()
    except BrokenQuestion as error:
        print(error, file=sys.stderr)
        return 1
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "moodle.xml").write_bytes(moodle(questions))
    (options.to / "qti.zip").write_bytes(qti(questions))
    print(f"{len(questions)} questions: moodle.xml and qti.zip in {options.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
