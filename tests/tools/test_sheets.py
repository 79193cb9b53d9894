"""`make sheets`: supervised worksheets whose numbers nobody knows before, and the key."""

import re

import pytest

from nnchecks import backprop_by_hand as check
from nnchecks.variants import backprop_numbers, is_fair
from nnlib.backprop_by_hand import hand_pass
from tools import sheets

CLASS = ("ann", "bob & co")


@pytest.fixture
def printed(tmp_path, capsys):
    assert sheets.main([*CLASS, "--course", str(tmp_path)]) == 0
    assert "2 sheets" in capsys.readouterr().out
    return {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("sheets/*.html")}


def test_everybody_gets_a_sheet_and_the_key_is_apart(printed):
    assert printed.keys() == {"sheets", "key"}
    for student in ("ann", "bob &amp; co"):
        assert f"Worksheet of {student}" in printed["sheets"]
        assert f"Key of {student}" in printed["key"]
    numbers = re.findall(r"<td>(-?\d\.\d{4})</td>", printed["key"])
    assert len(numbers) == 2 * len(check.my_numbers.names)
    hidden = [one for one in numbers if len({*one[3:]}) > 1]
    assert not any(one in printed["sheets"] for one in hidden), "the sheets give nothing away"


def test_the_numbers_are_fair_depend_on_the_secret_and_are_not_the_notebooks():
    salts = (sheets.salt("one"), sheets.salt("other"), "04-backprop-by-hand")
    drawn = [backprop_numbers("ann", salt) for salt in salts]
    assert all(map(is_fair, drawn))
    assert len({one.W1.tobytes() for one in drawn}) == 3


def test_the_secret_is_the_courses_and_stays(tmp_path):
    for _ in range(2):
        assert sheets.main(["ann", "--course", str(tmp_path)]) == 0
        first = (tmp_path / "sheets" / "key.html").read_text(encoding="utf-8")
    secret = (tmp_path / "judged" / ".secret").read_text(encoding="utf-8")
    assert first == sheets.key(["ann"], secret)


def test_a_typed_sheet_is_marked_as_the_notebooks_table_is(tmp_path, capsys):
    assert sheets.main(["ann", "--course", str(tmp_path)]) == 0
    secret = (tmp_path / "judged" / ".secret").read_text(encoding="utf-8")
    worked = hand_pass(*backprop_numbers("ann", sheets.salt(secret)))
    lines = [f"{name} = {value:.4f}" for name, value in worked.items()]
    lines[6] = "e: 0,1234"
    (tmp_path / "ann.txt").write_text("\n".join(lines), encoding="utf-8")
    command = ["ann", "--course", str(tmp_path), "--mark", str(tmp_path / "ann.txt")]
    assert sheets.main(command) == 0
    assert "my_numbers: 5.75 of 6 points" in capsys.readouterr().out


def test_an_empty_class_and_a_missing_file_are_said(tmp_path, capsys):
    assert sheets.main(["ann", "--course", str(tmp_path), "--mark", str(tmp_path / "no")]) == 1
    assert "there is no file" in capsys.readouterr().err
    assert sheets.main(["--course", str(tmp_path), "--mark", "x"]) == 1
    assert "the class is empty" in capsys.readouterr().err
