"""That the page of numbers gets what it reads, and notices when the record is old."""

import copy
import json

import pytest

from benchmarks import __main__ as program
from benchmarks import building, page, record
from benchmarks.race import Race


@pytest.fixture(scope="module")
def kept():
    """The record that is tracked."""
    return record.read()


def test_the_record_has_the_form_that_the_page_reads(kept):
    assert record.problems(kept) == []
    for say in (
        *(page.where, page.age, page.single_races, page.xor_bound, page.throughput_table),
        *(page.not_graded, page.graded_classes, page.waiting_table, page.weights_said),
    ):
        assert isinstance(say(kept), str)
    for name in ("numerical gradient", "training step"):
        assert len(page.curves(kept, name)) > 2
        for say in (page.ratios, page.outcome):
            assert isinstance(say(kept, name), str)
    assert page.shares(kept, "training step")


def test_every_part_that_is_measured_is_in_the_record_and_names_files_that_exist(kept):
    assert {name for name in kept} == {*program.PARTS, "weight"} == {*record.FORM}
    for part in program.PARTS.values():
        assert record.fingerprint(part.measured)


def test_everybody_who_takes_part_is_in_the_record_with_a_time_or_with_a_reason(kept):
    raced = {"races": program.RACES, "sizes": ["sizes"]}
    for section, files in raced.items():
        entries = {(one["name"], one["size"], one["peer"]): one for one in kept[section]["entries"]}
        expected = {
            (race.name, race.size, peer)
            for name in files
            for race in program.races_of(name)
            for peer in (*race.peers, *race.left_out)
        }
        assert entries.keys() == expected
        assert all((one["ratio"] is None) == bool(one["note"]) for one in entries.values())
    for one in kept["classes"]["entries"]:
        assert (one["seconds"] is None) == bool(one["note"])


def test_everything_that_a_newcomer_waits_for_has_its_bound(kept):
    entries = {one["what"]: one for one in kept["building"]["entries"]}
    assert {what: one["bound"] for what, one in entries.items()} == building.BOUNDS
    for one in entries.values():
        if one["note"]:  # it could not be measured, and the note says why
            assert one["seconds"] is None
        else:
            assert one["reached"] == (one["seconds"] <= one["bound"])


def test_a_hole_in_the_record_is_found(kept):
    for section in kept:
        holed = copy.deepcopy(kept)
        del holed[section]
        assert record.problems(holed)
    holed = copy.deepcopy(kept)
    del holed["sizes"]["entries"][0]["peer_spread"]
    del holed["races"]["versions"]["numpy"]
    first, second = record.problems(holed)
    assert "nothing is said of numpy" in first
    assert "'peer_spread' is missing" in second


def test_a_change_in_what_was_measured_makes_a_section_old_and_another_file_does_not(tmp_path):
    (tmp_path / "fast.py").write_text("x = 1\n")
    about = {"measured": ["*.py"], "fingerprint": record.fingerprint(["*.py"], tmp_path)}
    assert record.older({"races": about}, tmp_path) == []
    (tmp_path / "notes.md").write_text("later\n")
    assert record.older({"races": about}, tmp_path) == []
    (tmp_path / "fast.py").write_text("x = 2\n")
    assert record.older({"races": about}, tmp_path) == ["races"]
    (tmp_path / "fast.py").write_text("x = 1\n")
    (tmp_path / "new.py").write_text("")
    assert record.older({"races": about}, tmp_path) == ["races"]


def test_a_pattern_that_names_no_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"names \*\.rs"):
        record.fingerprint(["*.rs"], tmp_path)


def test_the_page_says_which_part_of_the_record_is_old(kept):
    old = copy.deepcopy(kept)
    for section in old.values():
        section["fingerprint"] = record.fingerprint(section["measured"])
    assert page.age(old) == "Since then, nothing of what was measured has changed."
    old["grading"]["fingerprint"] = "of another day"
    assert "older than the code for the two classes:" in page.age(old)


def test_a_part_is_measured_into_its_section_and_the_others_stay(tmp_path, monkeypatch, capsys):
    race = Race("sum", lambda: lambda: 1.0, {"peer": lambda: lambda: 1.0}, target={"peer": 0.001})
    monkeypatch.setattr(program, "races_of", lambda name: [race])
    place = tmp_path / "record.json"
    place.write_text(json.dumps({"weight": {"entries": []}}))
    assert program.main(["sizes", "--output", str(place)]) == 0
    written = record.read(place)
    assert written["weight"] == {"entries": []}
    (entry,) = written["sizes"]["entries"]
    assert entry.keys() == record.RACE
    assert entry["reached"] is True
    assert "reached" in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir()] == ["record.json"]


def race_entry(size, ratio, **more):
    """One entry as a race writes it."""
    known = dict.fromkeys(record.RACE)
    spread = None if ratio is None else [ratio, ratio]
    known |= {"name": "step", "peer": "peer", "size": size, "ratio": ratio, "spread": spread}
    known |= {"ours_ms": 1.0, "ours_spread": [1.0, 1.0], "peer_ms": ratio, "peer_spread": spread}
    return known | {"bound": False, "note": ""} | more


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ([2.0, 3.0], "nnlib is faster than peer at every size."),
        ([0.5, 0.6], "nnlib is **slower** than peer at every size."),
        ([0.5, 3.0], "nnlib is **slower** than peer at 10 parameters, else faster."),
    ],
)
def test_a_loss_is_said_as_plainly_as_a_win(ratios, said):
    entries = [race_entry(size, ratio) for size, ratio in zip((10, 100), ratios, strict=True)]
    assert page.outcome({"sizes": {"entries": entries}}, "step") == f"- {said}"


def test_the_outcome_says_where_somebody_did_not_run_and_why():
    entries = [race_entry(10, 2.0), race_entry(1000, None, note="it takes a day")]
    said = page.outcome({"sizes": {"entries": entries}}, "step")
    assert said.endswith("at 1,000 it did not run: it takes a day.")


def test_the_share_of_the_bound_is_said_with_the_aim_and_what_was_missed():
    entries = [
        race_entry(10, 0.75, bound=True, target=0.6, reached=True),
        race_entry(100, 0.5, bound=True, target=0.6, reached=False),
    ]
    assert page.shares({"sizes": {"entries": entries}}, "step") == (
        "The step reaches 75 % at 10 parameters and 50 % at 100 parameters. "
        "The aim is 60 %: missed at 100."
    )


def test_an_edit_of_a_chapter_changes_one_cell_and_each_edit_is_another(tmp_path):
    chapter = tmp_path / "chapter.md"
    text = (record.ROOT / building.CHAPTER).read_text(encoding="utf-8")
    chapter.write_text(text, encoding="utf-8")
    building.edit(chapter, 0)
    once = chapter.read_text(encoding="utf-8")
    building.edit(chapter, 1)
    assert len({text, once, chapter.read_text(encoding="utf-8")}) == 3
    assert once.replace("\n# edit 0", "") == text


def test_what_was_unusual_is_said_once_with_the_parts_that_it_was_true_of(kept):
    remarked = copy.deepcopy(kept)
    for name, section in remarked.items():
        section["remark"] = "It rained." if name in ("grading", "classes") else ""
    said = page.where(remarked)
    assert said.count("It rained.") == 1
    assert "- Of the classes of every size and the two classes: It rained." in said
