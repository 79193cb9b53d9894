"""What a build does when something is wrong, and when something has changed."""

import os
import sys

import pytest

from tools import book

CELL = "```{code-cell} ipython3\n"


def line_of(source, text, occurrence=0):
    """Return the number of a line of the chapter, as a string."""
    lines = (source / "chapters" / "one.md").read_text(encoding="utf-8").splitlines()
    return str([i for i, line in enumerate(lines, start=1) if line.startswith(text)][occurrence])


def test_a_failing_cell_fails_the_build_and_the_last_line_names_the_cell(tiny_book, capsys):
    source = tiny_book(f"# One\n\n{CELL}a = 1\n```\n\n{CELL}a / 0\n```\n")
    assert book.main(["--source", str(source)]) == 1
    ending = capsys.readouterr().out.strip().splitlines()[-1]
    assert ending == (
        "chapters/one.md: cell 2 raised ZeroDivisionError: division by zero. "
        f"Fix that cell (line {line_of(source, '```{code-cell}', 1)}) and run make book again."
    )
    # The mistake is not forgotten when nothing changes, and the build works once it is mended.
    assert book.build(source, quiet=True) == 1
    chapter = source / "chapters" / "one.md"
    chapter.write_text(chapter.read_text().replace("a / 0", "a / 2"))
    assert book.build(source, quiet=True) == 0


def test_a_picture_without_a_description_fails_the_build_and_its_line_is_named(tiny_book, capfd):
    picture = "from IPython.display import SVG, display\ndisplay(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))\n"
    source = tiny_book(
        f"# One\n\n{CELL}{picture}```\n\n{CELL}---\nmystnb:\n  image:\n    alt: An empty picture.\n"
        f"---\n{picture}```\n\n![](dot.svg)\n\n![dot.svg](dot.svg)\n\n![A dot.](dot.svg)\n\n"
        '<img src="../_static/favicon.svg">\n'
    )
    (source / "chapters" / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert book.build(source) == 1
    output = capfd.readouterr().out
    complaints = [line for line in output.splitlines() if "WARNING: a picture" in line]
    found = {line.split("one.md:")[1].split(":")[0]: line for line in complaints}
    assert "cell" in found[line_of(source, "```{code-cell}")]
    assert "no alternative text" in found[line_of(source, "![](")]
    assert "file name" in found[line_of(source, "![dot.svg")]
    assert "<img>" in found[line_of(source, "<img")]
    assert len(complaints) == 4
    ending = output.strip().splitlines()[-1]
    line = line_of(source, "```{code-cell}")
    assert ending.startswith(f"chapters/one.md, line {line}: a picture has no alternative text")


def test_a_tex_error_fails_the_build_and_the_file_is_named(tiny_book, capsys):
    source = tiny_book("# One\n\nRight: $a^2$.\n\n$$\n\\frac{1}{\\nosuchcommand}\n$$\n")
    assert book.build(source, quiet=True) == 1
    ending = capsys.readouterr().out.strip().splitlines()[-1]
    assert ending.startswith(f"chapters/one.md, line {line_of(source, '$$')}: TeX error:")
    assert "\\nosuchcommand" in ending


def test_a_warning_of_sphinx_fails_the_build_and_the_first_one_is_told(tiny_book, capsys):
    source = tiny_book("# One\n\nSee {ref}`nowhere`.\n")
    assert book.build(source, quiet=True) == 1
    ending = capsys.readouterr().out.strip().splitlines()[-1]
    assert ending.startswith(f"chapters/one.md, line {line_of(source, 'See')}: ")
    assert "nowhere" in ending


RUNS = (
    f"# One\n\n{CELL}import sys\nsys.path.insert(0, '..')\nfrom lib import value\n"
    "with open('../../runs', 'a') as file:\n    file.write('.')\n"
    "print('the value is', value.VALUE)\n```\n"
)


@pytest.fixture
def counting(tiny_book):
    """A book whose page uses one module of two and counts its runs; build it, and return these."""
    source = tiny_book(RUNS)
    for name, text in (("__init__", ""), ("value", "VALUE = 41\n"), ("other", "VALUE = 0\n")):
        (source / "lib").mkdir(exist_ok=True)
        (source / "lib" / f"{name}.py").write_text(text)

    def build():
        assert book.build(source, quiet=True) == 0
        return len((source.parent / "runs").read_text())

    return source, build


def shown(source):
    text = (source / "_build" / "html" / "chapters" / "one.html").read_text(encoding="utf-8")
    return text.partition("the value is ")[2].split("\n")[0]


def test_a_page_runs_again_when_a_module_that_it_uses_has_changed_and_for_nothing_else(
    counting, capsys
):
    source, build = counting
    value = source / "lib" / "value.py"
    assert (build(), shown(source)) == (1, "41")
    assert build() == 1
    assert "Nothing has changed" in capsys.readouterr().out

    (source / "lib" / "other.py").write_text("VALUE = 1\n")
    value.write_text("# The same.\nVALUE = 41\n")
    chapter = source / "chapters" / "one.md"
    chapter.write_text(chapter.read_text() + "\nMore words.\n")
    assert build() == 1
    value.write_text("VALUE = 4200\n")
    assert (build(), shown(source)) == (2, "4200")
    value.write_text("VALUE = 41\n")
    assert (build(), shown(source)) == (2, "41"), "the older outputs are still there"


def test_what_an_interrupted_build_has_left_behind_is_not_taken_for_finished(counting):
    source, build = counting
    assert build() == 1
    # Killed while it wrote the pages: the page is there, and newer than all that it is made from.
    (source / "_build" / "book.inputs").unlink()
    page = source / "_build" / "html" / "chapters" / "one.html"
    page.write_text("half a pa")
    assert (build(), shown(source)) == (1, "41")
    # Killed, or the disk full, while it wrote the outputs of a page.
    (kept,) = (source / "_build" / ".jupyter_cache").rglob("base.ipynb")
    (source / "_build" / "book.inputs").unlink()
    kept.write_text(kept.read_text()[:100])
    assert (build(), shown(source)) == (2, "41")
    kept.unlink()
    (source / "_build" / "book.inputs").unlink()
    assert (build(), shown(source)) == (3, "41")


def test_a_build_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path, capsys):
    (tmp_path / "_config.yml").touch()
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "_build").write_text("a file where the folder should be")
    assert book.build(tmp_path) == 1
    assert capsys.readouterr().out == (
        f"The book cannot be written to {tmp_path / '_build'}: File exists. "
        "Free that path and try again.\n"
    )


def test_a_folder_without_a_book_is_told_so(tmp_path, capsys):
    assert book.build(tmp_path) == 1
    assert "_config.yml is missing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "{source}/chapters/x.md:12: WARNING: Unknown directive [myst.directive_unknown]",
            "chapters/x.md, line 12: Unknown directive. Fix this and run make book again.",
        ),
        (
            "checking consistency... {source}/y.md: WARNING: this is in no toctree",
            "y.md: this is in no toctree. Fix this and run make book again.",
        ),
        (
            "WARNING: the settings are wrong.",
            "the settings are wrong. Fix this and run make book again.",
        ),
        (
            "Extension error:\nCould not import extension x (exception: invalid syntax)\n=====\n",
            "The book was not built: Could not import extension x (exception: invalid syntax). "
            "The lines above say more.",
        ),
        (
            "ModuleNotFoundError: No module named 'jupyter_book'",
            "The book was not built: ModuleNotFoundError: No module named 'jupyter_book'. "
            "The lines above say more.",
        ),
    ],
)
def test_every_kind_of_failure_is_explained_in_one_sentence(tmp_path, line, sentence):
    lines = ["reading sources...", *line.format(source=tmp_path).splitlines()]
    assert book.explain(lines, tmp_path) == sentence


def test_a_process_that_a_build_leaves_behind_does_not_hold_it_up():
    leave = "import subprocess; subprocess.Popen(['sleep', '600']); print('done')"
    assert list(book.run([sys.executable, "-c", leave], dict(os.environ))) == ["done\n", 0]
