"""The page of errata lists every one, and leads to where the book shows it."""

import re

import pytest
from errata import KINDS, chapters, read, shown

from tests.conftest import ROOT
from tools import assignments

FOLDER = ROOT / "chapters"


@pytest.fixture(scope="module")
def entries():
    return {one["id"]: one for _, found in read(FOLDER / "errata.toml") for one in found}


def test_every_box_of_a_chapter_names_entries_that_there_are(entries):
    assert set(shown(FOLDER)) <= set(entries)
    assert len(shown(FOLDER)) >= 40


def test_numbers_have_no_gaps(entries):
    for source in range(5):
        numbers = [int(name.split(".")[1]) for name in entries if name.startswith(f"E{source}.")]
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_wrong_claim_is_shown_in_a_chapter(entries):
    wrong = {name for name, one in entries.items() if one["kind"] == "wrong"}
    assert wrong - set(shown(FOLDER)) == set()


def test_the_lab_sends_its_readers_to_chapters_that_show_its_errata(entries):
    places = {}
    for path in chapters(FOLDER):
        for label in re.findall(r"^\(([\w-]+)\)=$", path.read_text(encoding="utf-8"), re.MULTILINE):
            places[label] = int(path.name[:2])
    shows = {name: {places[label] for label in found} for name, found in shown(FOLDER).items()}
    cells = assignments.read(ROOT / "solutions/09-errata-lab/09-errata-lab.py").cells
    rows = re.findall(
        r"^\| \d+ \| `(\w+)` \| (E[^|]+) \| ([^|]+) \|", cells[0].source, re.MULTILINE
    )
    assert [f"test_{name}" for name, *_ in rows] == [
        cell.id for cell in cells if cell.id.startswith("test_")
    ]
    page = (FOLDER / "errata.md").read_text(encoding="utf-8")
    claims = "\n".join(cell.source for cell in cells if cell.id.startswith("about_"))
    for name, errata, told in rows:
        numbers = re.findall(r"E\d\.\d+", errata)
        assert set(numbers) <= set(entries)
        assert all(set(map(int, re.findall(r"\d", told))) & shows[one] for one in numbers)
        assert f"| `{name}` | {errata} |" in page
        assert f"**The claim** ({errata})." in claims


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[S0]]\nid = "E0.1"', "claim"),
        ('[[S0]]\nid="E0.1"\nkind="odd"\nlines=""\nclaim=""\ntruth=""', "unknown kind"),
        ('[[S1]]\nid="E0.1"\nkind="slip"\nlines=""\nclaim=""\ntruth=""', "another source"),
    ],
)
def test_an_entry_that_lacks_something_is_named(tmp_path, text, said):
    path = tmp_path / "errata.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        list(read(path))


def test_the_table_has_a_row_for_each_and_links_to_its_chapter(built_book, entries):
    page = (built_book / "chapters" / "errata.html").read_text(encoding="utf-8")
    table = page.partition("searchable")[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]
    assert len(rows) == len(entries)
    for row, (name, one) in zip(rows, entries.items(), strict=True):
        text = re.sub(r"<[^>]*>", "", row)
        assert text.strip().startswith(name)
        assert KINDS[one["kind"]] in text
        assert ("here only" in text) == (name not in shown(FOLDER))
    assert 'href="04-backprop-by-hand.html#order"' in next(row for row in rows if "E0.4" in row)


def test_the_table_can_be_searched_and_says_how_many_are_left(browser, built_book, entries):
    context = browser.new_context()
    page = context.new_page()
    page.goto((built_book / "chapters" / "errata.html").as_uri())
    field = page.get_by_label("Search the table")
    field.fill("momentum square")
    visible = page.locator("table.searchable tbody tr:visible")
    assert 0 < visible.count() < len(entries)
    assert any("E1.1" in text for text in visible.all_inner_texts())
    said = page.locator(".table-search output").inner_text()
    assert said == f"{visible.count()} of {len(entries)}"
    field.fill("")
    assert visible.count() == len(entries)
    context.close()
