"""What a student has written and shown does nothing in an instructor's browser."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.conftest import ROOT
from tests.lab.conftest import jupyter

NAME = "01-differentiation"
#: Acts as soon as it is shown: it marks the page, and the marks of all pages around it.
ACT = "void(window.acted=(window.acted||'')+'{0};',top.acted=(top.acted||'')+'{0};')"
CONFIG = """\
from traitlets.config.loader import PyFileConfigLoader
c = get_config()
c.merge(PyFileConfigLoader("nbgrader_config.py", {root!r}).load_config())
c.CourseDirectory.root = {course!r}
"""


def ways(act):
    """HTML that a browser acts on, in many ways."""
    return [
        f"<script>{act}</script>",
        f'<img src="none.png" onerror="{act}">',
        f'<svg onload="{act}"><circle r="9"/></svg>',
        f'<iframe srcdoc="&lt;script&gt;{act}&lt;/script&gt;"></iframe>',
        f'<details open ontoggle="{act}">more</details>',
        f'<a class="click-me" href="javascript:{act}">press me</a>',
        f'<form action="javascript:{act}"><button class="click-me">press me</button></form>',
        f'<math><a class="click-me" xlink:href="javascript:{act}">press me</a></math>',
        f'<object data="data:text/html,<script>{act}</script>"></object>',
        f'<style onload="{act}">body {{ display: none }}</style>',
        '<img src="http://127.0.0.1:9/looked-at.png">',
        '<div style="position:fixed;inset:0;z-index:99999;background:white">over it all</div>',
    ]


def shown(act):
    """Code of a student's that shows all that, as every kind of output there is."""
    page = "".join(ways(act))
    return "\n".join(
        [
            "from IPython.display import HTML, Javascript, Latex, Markdown, SVG, display",
            f"page = {page!r}",
            "display(HTML(page), Markdown(page), Latex(page))",
            f"display(Javascript({act!r}))",
            f"""display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="{act}"></svg>'))""",
            "display({'text/html': page, 'text/plain': page}, raw=True)",
            f"display({{'application/javascript': {act!r}}}, raw=True)",
            "print(page)",
            "raise ValueError(page)",
        ]
    )


def markdown(act):
    links = f"[a](javascript:{act}) ![b](x.png)" + f"\n\n[c]: javascript:{act}\n[c]\n\n"
    return links + "\n\n".join(ways(act))


@pytest.fixture(scope="module")
def course(one_released, tmp_path_factory):
    """A course in which somebody has handed in a notebook full of tricks, graded, with feedback."""
    course = shutil.copytree(one_released, tmp_path_factory.mktemp("class") / "course")
    made = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in made.cells:
        name = cell.metadata.nbgrader.grade_id
        if name == "why_the_curve_turns":
            cell.source = markdown(ACT.format("answer"))
        if name == "forward_difference":
            cell.source = shown(ACT.format("output"))
        if name == "central_difference":
            failing = f"def central_difference(f, x, h): raise ValueError({ways(ACT)!r})"
            cell.source = failing.replace("{0}", "report")
    made.cells.append(nbformat.v4.new_markdown_cell(markdown(ACT.format("own"))))
    made.metadata["title"] = ways(ACT.format("title"))[0]
    folder = course / "submitted" / "eve" / NAME
    folder.mkdir(parents=True)
    nbformat.write(made, folder / f"{NAME}.ipynb")
    text = CONFIG.format(root=str(ROOT), course=str(course))
    (course / "nbgrader_config.py").write_text(text, encoding="utf-8")
    for command in (["autograder"], ["nbgrader", "generate_feedback"]):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *command, NAME],
            cwd=course,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return course


def environment():
    programs = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    return {**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def watched(page):
    """A page, and what it has done that it should not."""
    done = []
    page.on("dialog", lambda dialog: (done.append("dialog"), dialog.dismiss()))
    page.on("request", lambda one: done.append(one.url) if "127.0.0.1:9/" in one.url else None)
    page.on("popup", lambda popup: done.append(f"popup {popup.url}"))
    return page, done


def acted(page):
    """What has acted, in any frame, also after everything that can be pressed was pressed."""
    for frame in page.frames:
        frame.evaluate("document.querySelectorAll('.click-me').forEach(one => one.click?.())")
    return [frame.evaluate("window.acted || ''") for frame in page.frames]


def test_the_tricks_do_act_where_nothing_holds_them_back(watched, tmp_path):
    page, _ = watched
    place = tmp_path / "page.html"
    place.write_text("".join(f"<div>{way}</div>" for way in ways(ACT.format("bare"))))
    page.goto(place.as_uri())
    page.wait_for_function("(window.acted || '').split(';').length > 4")
    assert acted(page)[0].count("bare") >= 5


def test_feedback_shows_the_words_and_does_nothing(watched, course):
    page, done = watched
    page.goto((course / "feedback" / "eve" / NAME / f"{NAME}.html").as_uri())
    page.get_by_text("press me").first.wait_for()
    assert set(acted(page)) == {""}
    assert done == []
    assert page.locator("body").is_visible()
    assert "over it all" in page.inner_text("body")
    assert page.locator("iframe, object, form, body script[src*='127.0.0.1']").count() == 0


def test_formgrader_shows_the_words_and_does_nothing(watched, course, tmp_path):
    page, done = watched
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        number = gradebook.find_submission_notebook(NAME, NAME, "eve").id
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course}"]
    env = environment() | {"JUPYTER_CONFIG_PATH": str(tmp_path / "config")}
    config = tmp_path / "config" / "jupyter_server_config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"CourseDirectory": {"root": str(course)}}))
    with jupyter(command, env, course) as url:
        for place in (f"submissions/{number}", f"gradebook/{NAME}/{NAME}", "manage_students/eve"):
            page.goto(f"{url}formgrader/{place}?token=lab")
            page.wait_for_load_state("networkidle")
            assert set(acted(page)) == {""}, place
            assert done == [], place
        page.goto(f"{url}formgrader/submissions/{number}?token=lab")
        page.get_by_text("press me").first.wait_for()
        assert page.locator("iframe, object").count() == 0
