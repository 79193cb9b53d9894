"""The library's page holds every public name, and leads to where the book derives it."""

import ast
import re

import pytest
from derived_in import derivation

from tests.conftest import ROOT

MODULES = sorted(path for path in (ROOT / "nnlib").glob("*.py") if not path.name.startswith("_"))
MODULES.append(ROOT / "nnchecks" / "variants.py")
PICTURES = sorted((ROOT / "nnlib" / "plotting").glob("[a-z]*.py"))


def public_names(path):
    """The functions and classes of a module that do not begin with an underscore."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, kinds) and node.name[0] != "_"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_public_function_and_class_is_on_the_page(built_book, path):
    page = (built_book / "chapters" / "library.html").read_text(encoding="utf-8")
    home = f"{path.parent.name}.{path.stem}"
    missing = [n for n in public_names(path) if f'id="{home}.{n}"' not in page]
    assert missing == []


def test_every_picture_is_on_the_page(built_book):
    page = (built_book / "chapters" / "library.html").read_text(encoding="utf-8")
    names = [name for path in PICTURES for name in public_names(path)]
    assert [name for name in names if f'id="nnlib.plotting.{name}"' not in page] == []
    assert len(names) >= 20


def test_an_entry_leads_to_the_section_that_derives_it(built_book):
    page = (built_book / "chapters" / "library.html").read_text(encoding="utf-8")
    entry = page.partition('id="nnlib.differentiation.forward_difference"')[2][:3000]
    assert re.search(r'href="01-differentiation\.html#two-points"', entry)


def test_an_import_is_no_derivation(tmp_path):
    (tmp_path / "01-one.md").write_text(
        "(top)=\nfrom nnlib.x import (\n    half,\n)\n\n(later)=\nNow half(3) is 1.5.\n"
    )
    assert derivation("half", tmp_path) == "later"


def test_a_term_comes_before_a_mention(tmp_path):
    (tmp_path / "01-one.md").write_text(
        "(top)=\nhalf_life(3)\n\n(there)=\nthe {term}`half life` is\n"
    )
    assert derivation("half_life", tmp_path) == "there"


def test_a_name_that_no_chapter_mentions_has_no_place(tmp_path):
    (tmp_path / "01-one.md").write_text("(top)=\nhalf_life(3)\n")
    assert derivation("half", tmp_path) is None
