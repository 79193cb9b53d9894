"""Every usual picture reaches the marker, and nothing that a student shows does anything."""

import base64
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from autograder.grading import notebook_of
from autograder.reading import cells_of
from autograder.rebuild import rebuild
from autograder.showing import harmless, harmless_svg, is_harmless
from autograder.words import printable
from nnchecks import differentiation, gradients
from tests.autograder.attacks import CENTRAL, Row
from tests.autograder.conftest import cell
from tests.autograder.test_attacks import judge

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(9)).decode()
GIF = base64.b64encode(b"GIF89a" + bytes(9)).decode()
CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
ACT = "alert(1)"


def markdown(source, attachments=None):
    """Return a cell as it is handed in, made harmless."""
    made = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": source}
    if attachments:
        made["attachments"] = attachments
    rebuilt, _ = rebuild([], cells_of({"cells": [made]}))
    return harmless(notebook_of(rebuilt, []).cells[0])


def output(**data):
    """Return a cell's output, made harmless."""
    made = cell("1")
    shown = {kind.replace("_", "/"): one for kind, one in data.items()}
    made["outputs"] = [{"output_type": "display_data", "data": shown, "metadata": {}}]
    return harmless(notebook_of([made], []).cells[0]).outputs[0].data


def page(one):
    """Return the page that nbconvert makes of a cell, as formgrader and the feedback do."""
    text, _ = HTMLExporter(template_name="basic").from_notebook_node(
        nbformat.v4.new_notebook(cells=[one])
    )
    return text


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x]: javascript:alert(1)\n\n[x]",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=x.png onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "![x](https://example.org/seen.png)",
        "![x](//example.org/seen.png)",
        "![x](../../seen.png)",
        "![x](/seen.png)",
        "![x](a/%2e%2e/seen.png)",
        "![x](data:text/html,seen.png)",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<style>*{display:none}</style>",
        '<div style="position:fixed;inset:0">over everything</div>',
    ],
)
def test_markdown_that_would_act_is_shown_as_text(source):
    assert markdown(source).source == f"```text\n{source}\n```"


@pytest.mark.parametrize(
    "source",
    [
        '<img src="attachment:<script>alert(1)</script>">',
        "(attachment:<script>alert(1)</script>)",
        '<img src="attachment:a" onerror="alert(1)">',
        '![x](attachment:a ""onerror=alert(1))',
        '<img title="<img src=" src="attachment:a" onerror=alert(1) a="">',
        "attachment:[x](javascript:alert(1))",
    ],
)
def test_what_looks_like_an_attachment_does_nothing_either(source):
    assert is_harmless(markdown2html_mistune(markdown(source).source))


@pytest.mark.parametrize(
    "source",
    [
        "Plain *words*, `code`, and $a < b$.",
        "> a quotation\n\n- a list\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "[the book](https://example.org) and ![mine](figures/mine.png)",
        "```python\nif a < b:\n    pass\n```",
        f'<img src="data:image/png;base64,{PNG}" width="300" alt="mine">',
    ],
)
def test_markdown_that_only_shows_is_left_as_it_is(source):
    assert markdown(source).source == source


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("image.png", "![mine](attachment:image.png)"),
        ("image.png", '![mine](attachment:image.png "a title")'),
        ("my picture.png", "![mine](attachment:my%20picture.png)"),
        ("shot (1) 12:30.png", "![mine](<attachment:shot (1) 12:30.png>)"),
        ("image.png", '<img src="attachment:image.png" width="300"/>'),
        ("image.png", "<img width='50%' style='width: 50%' src='attachment:image.png'>"),
        ("image.png", "![mine][1]\n\n[1]: attachment:image.png"),
        ("shot (1).png", "![shot (1).png](attachment:shot%20(1).png)"),
        ("shot (1).png", "![shot (1).png](<attachment:shot (1).png>)"),
        ("shot (1).png", '![mine](attachment:shot%20%281%29.png "a (title)")'),
        ("a[1].png", "![a[1].png](attachment:a[1].png)"),
        ("a[1].png", "![a](attachment:a%5B1%5D.png 'title')"),
        ("a(1).png", "![a](attachment:a\\(1\\).png)"),
        ("a&b.png", "![a](attachment:a&amp;b.png)"),
        ("ü 1.png", "![a](attachment:ü%201.png)"),
        ("a)b(.png", "![a](attachment:a)b(.png)"),
    ],
)
@pytest.mark.parametrize(("kind", "content"), [("image/png", PNG), ("image/gif", GIF)])
def test_a_picture_that_was_pasted_reaches_the_marker(name, written, kind, content):
    shown = page(markdown(written, {name: {kind: content}}))
    assert f"data:{kind};base64,{content}" in shown


def test_a_drawing_that_was_pasted_reaches_the_marker_without_its_script():
    drawing = CIRCLE.replace("<circle", f"<script>{ACT}</script><circle")
    pasted = {"a.svg": {"image/svg+xml": base64.b64encode(drawing.encode()).decode()}}
    shown = page(markdown("![](attachment:a.svg)", pasted))
    (found,) = [one.split('"')[0] for one in shown.split("data:image/svg+xml;base64,")[1:]]
    assert b"<circle" in base64.b64decode(found)
    assert b"script" not in base64.b64decode(found)


@pytest.mark.parametrize(
    "kinds",
    [
        {"image/bmp": PNG},
        {"image/tiff": PNG},
        {"application/pdf": PNG},
        {"image/png": "no base64!"},
        {"image/svg+xml": PNG},
        {"image/png": 5},
        {},
        None,
    ],
)
@pytest.mark.parametrize("name", ["a.png", "a (1)[2].png", 'a "b".png', "<b>.png"])
def test_a_picture_that_cannot_be_shown_is_said(kinds, name):
    made = markdown(f"![what I saw](<attachment:{name}>) so", {name: kinds} if kinds else None)
    assert "A picture is missing here" in page(made)


@pytest.mark.parametrize("kind", ["image/jpg", "image/JPEG", "IMAGE/PNG"])
@pytest.mark.parametrize("content", [PNG, [PNG[:4], PNG[4:]]])
def test_a_picture_that_another_program_has_written_is_kept(kind, content):
    assert PNG in page(markdown("![a](attachment:a.png)", {"a.png": {kind: content}}))


@pytest.mark.parametrize(
    "source",
    [
        "![a](attach&#109;ent:x)",
        "![a](attachment\\:x)",
        "![a](&#97;ttachment:x.png)",
        "![a][b]\n\n[b]: attachment&colon;x",
        "![a](attachment:)",
    ],
)
def test_no_way_to_write_an_attachment_costs_anything(source):
    assert "a" in page(markdown(source))
    assert page(markdown(source, {"y.png": {"image/png": PNG}})).count(PNG) <= 1


def test_pictures_whose_names_are_alike_are_each_shown():
    names = ("ü.png", "ö.png", "a", "a.png")
    pasted = {name: {"image/png": f"{number}AAA"} for number, name in enumerate(names)}
    made = page(markdown(" ".join(f"![](attachment:{name})" for name in names), pasted))
    assert re.findall("base64,(.)AAA", made) == ["0", "1", "2", "3"]


def test_a_picture_is_not_lost_with_a_text_that_would_act():
    made = markdown("<script>alert(1)</script>![](attachment:a.png)", {"a.png": {"image/png": PNG}})
    assert f"data:image/png;base64,{PNG}" in page(made)


WORDS = (
    "[x](javascript:alert(1))",
    "<script>alert(1)</script>",
    "![x](https://example.org/seen.png)",
    "<img src=x onerror=alert(1)>",
    "$\\href{javascript:alert(1)}{x}$",
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "&#91;x](javascript:alert(1))",
    "`x`[x](javascript:alert(1))`",
    "https://example.org",
    "# x\n- [x]: javascript:alert(1)\n\n[x]",
    "\\[x](javascript:alert(1))",
    "*x* _y_ ~~z~~ | a | b |",
)


@pytest.mark.parametrize("words", WORDS)
def test_words_of_a_student_in_the_judges_own_note_are_text(words):
    """Whatever is quoted there: the first line of a cell, the name of a file."""
    (note,) = notebook_of([], [f"It was left out: {words}"], []).cells
    shown = page(harmless(note))
    assert is_harmless(shown)
    (item,) = BeautifulSoup(shown, "html.parser").find_all("li")
    assert " ".join(item.text.split()) == f"It was left out: {' '.join(printable(words).split())}"
    assert {one.name for one in item.find_all()} <= {"span"}
    assert not any("$" in one and "{" in one for one in item.strings)


@pytest.mark.parametrize("source", ["$\\href{javascript:alert(1)}{x}$", "$\\style{top:0}{x}$"])
def test_a_formula_that_would_act_is_shown_as_text(source):
    assert markdown(source).source.startswith("```")
    assert "text/latex" not in output(text_latex=source)
    assert "text/plain" in output(text_latex=source)


@pytest.mark.parametrize("wrong", [lambda *_: 1 / 0, lambda z: z, lambda z: z / z.sum(), print])
def test_a_report_is_harmless_as_it_is(wrong):
    """So that nothing is exempt from cleaning, and no table is taken apart."""
    for check in (gradients.softmax, gradients.loss_gradient, differentiation.central_difference):
        made = cell("check", "test_f", grade=True, points=3)
        data = check(wrong)._repr_mimebundle_()
        made["outputs"] = [{"output_type": "display_data", "data": dict(data), "metadata": {}}]
        assert harmless(notebook_of([made], []).cells[0]).outputs[0].data == data


def test_what_a_check_shows_of_a_student_is_cleaned_as_everything_else():
    made = cell("check", "test_f", grade=True, points=3)
    data = {"text/html": "<table><tr><td><script>alert(1)</script></td></tr></table>"}
    made["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    shown = harmless(notebook_of([made], []).cells[0]).outputs[0].data["text/html"]
    assert is_harmless(shown)


def test_a_picture_that_is_missing_is_no_error():
    assert "what I saw" in page(
        markdown("![what I saw](attachment:image.png) was this: what I saw")
    )


# --- outputs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"image_png": PNG}, None),
        ({"image_gif": GIF, "text_plain": "it moves"}, "image/gif"),
        ({"image_svg+xml": CIRCLE, "text_plain": "a drawing"}, "image/svg+xml"),
        ({"text_html": CIRCLE}, "image/svg+xml"),
        ({"text_html": f'<img src="data:image/png;base64,{PNG}">'}, "image/png"),
    ],
)
def test_a_picture_that_a_program_shows_reaches_the_marker(data, kind):
    shown = output(**data)
    if kind is None:
        assert shown["image/png"] == PNG
    else:
        assert f"data:{kind};base64," in shown["text/html"]
        assert is_harmless(shown["text/html"])
        assert set(shown) <= {"text/html", "text/plain"}


def test_a_picture_is_not_hidden_by_a_page_that_may_not_be_shown():
    shown = output(text_html=f"<script>{ACT}</script>", image_png=PNG)
    assert set(shown) == {"image/png"}


@pytest.mark.parametrize("kind", ["image_gif", "image_webp"])
def test_a_picture_that_is_none_is_said(kind):
    assert "cannot be read" in output(**{kind: '"><script>alert(1)</script>'})["text/html"]


@pytest.mark.parametrize(
    "inside",
    [
        f"<script>{ACT}</script>",
        f'<circle onload="{ACT}"/>',
        f'<a href="javascript:{ACT}"><circle/></a>',
        "<foreignObject><iframe/></foreignObject>",
        '<image href="https://example.org/seen.png"/>',
        '<use href="https://example.org/seen.svg#a"/>',
        '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="https://example.org/seen.svg#a"/>',
        "<style>@import url(https://example.org/seen.css);</style>",
        '<rect style="fill: url(https://example.org/seen.svg#a)"/>',
        f'<animate attributeName="href" values="javascript:{ACT}"/>',
        f'<set attributeName="onload" to="{ACT}"/>',
    ],
)
def test_a_drawing_keeps_its_shapes_and_loses_what_acts(inside):
    made = harmless_svg(CIRCLE.replace("</svg>", f"{inside}</svg>"))
    assert '<circle r="4"' in made
    for word in ("alert", "example.org", "iframe", "script", "onload"):
        assert word not in made


@pytest.mark.parametrize(
    "drawing",
    ["", "no drawing", "<svg><circle></svg>", "<html/>", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"],
)
def test_what_is_no_drawing_is_none(drawing):
    assert harmless_svg(drawing) is None


PLOT = "import matplotlib.pyplot as plt\n{}\nfig, ax = plt.subplots()\nax.plot([1, 2])\n{}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("%config InlineBackend.figure_format = 'svg'", "plt.show()"),
        ("%config InlineBackend.figure_formats = {'pdf', 'svg'}", ""),
        ("%config InlineBackend.figure_format = 'retina'", ""),
        (
            "from matplotlib_inline import backend_inline as b\n"
            "b.set_matplotlib_formats('jpg', quality=9)",
            "",
        ),
        ("%matplotlib notebook", "plt.show()"),
        ("%matplotlib widget", ""),
        ("%matplotlib ipympl", "fig"),
        ("%matplotlib qt", "plt.show()"),
        ("%matplotlib svg", ""),
        ("import matplotlib\nmatplotlib.use('TkAgg')", "plt.show()"),
        ("plt.switch_backend('agg')", ""),
        ("from matplotlib.figure import Figure", "display(Figure())"),
    ],
)
def test_every_figure_reaches_the_marker_as_a_picture(before, after, examiner):
    verdict = judge(examiner, Row("figure", "show", CENTRAL, after=(PLOT.format(before, after),)))
    outputs = verdict.cells[-1]["outputs"]
    assert not any(one["output_type"] == "error" for one in outputs), outputs
    made = harmless(notebook_of(verdict.cells[-1:], []).cells[0])
    pictures = [one.data for one in made.outputs if "image/png" in one.get("data", {})]
    assert pictures, outputs
    about = [
        one.metadata["image/png"] for one in made.outputs if "image/png" in one.get("data", {})
    ]
    assert about[0]["alt"].startswith("A figure: ")
    assert sum(verdict.marks.values()) == 6


def shown(source, examiner):
    """Return the page of a cell that a student has run."""
    verdict = judge(examiner, Row("shows", "show", CENTRAL, after=(source,)))
    return page(harmless(notebook_of(verdict.cells[-1:], []).cells[0]))


@pytest.mark.parametrize("kind", ["SVG", "HTML"])
def test_a_drawing_made_by_hand_reaches_the_marker(kind, examiner):
    made = shown(f"from IPython.display import {kind}\n{kind}({CIRCLE!r})", examiner)
    (drawn,) = [one.split('"')[0] for one in made.split("data:image/svg+xml;base64,")[1:]]
    assert b"<circle" in base64.b64decode(drawn)


def test_a_moving_picture_reaches_the_marker(examiner):
    source = f"import base64\nfrom IPython.display import Image\nImage(base64.b64decode({GIF!r}))"
    assert f"data:image/gif;base64,{GIF}" in shown(source, examiner)


def test_a_figures_own_words_are_said_to_who_does_not_see_it(examiner):
    source = (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1], label='mine')\n"
        "ax.plot([2])\nax.set(title='Errors', xlabel='h')\nplt.show()"
    )
    assert 'alt="A figure: titled Errors; across h; curves mine."' in shown(source, examiner)


def test_a_size_that_would_act_is_none(examiner):
    sizes = {"width": "1 onload=alert(1)", "height": 9, "alt": '"><script>alert(1)</script>'}
    source = f"display({{'image/png': {PNG!r}}}, metadata={{'image/png': {sizes!r}}}, raw=True)"
    (image,) = re.findall("<img[^>]*>", shown(source, examiner))
    assert 'height="9"' in image
    assert "onload" not in image
    assert "&lt;script&gt;" in image
