"""The certificate: what came of the last whole examination, as a table, and whether it still holds.

`make certify` writes `solutions/certificate.json`, and the book shows it. For each assignment it
keeps a digest of what was examined: the checks with all that they import, the solutions, and the
answers that were tried. Comments and docstrings do not count.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import import_graph

ROOT = Path(__file__).resolve().parent.parent
#: The modules here that try the answers.
TRYING = ("mutants", "trials")
RECORD = ROOT / "solutions" / "certificate.json"

#: The forms of the examination. Seeds beside the notebook's own; how many variations of the hidden
#: questions every right answer has to stand; and how many mutants of each exercise, and other wrong
#: answers, are tried, where it is not all of them.
SEEDS: dict[str, tuple[int, ...]] = {
    "whole": (101, 102, 103, 104, 105),
    "short": (),
    "sample": (),
}
VARIATIONS = {"whole": 300, "short": 6, "sample": 2}
MUTANTS = {"short": 6, "sample": 3}
ANSWERS = {"sample": 3}

HEADERS = (
    "exercise",
    "wrong answers rejected",
    "named",
    "pairs named",
    "tricks rejected",
    "mutants killed",
    "alike",
    "right answers accepted",
    "under variations",
    "strangers' slips named",
    "false diagnoses",
)


def cells(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return one line of the table from one entry of the certificate.

    Examples
    --------
    >>> from tools.certify import Count, Tally
    >>> cells(Tally("00-half", "half", killed=Count(9, 9)).as_json())
    ('half', '–', '0', '–', '–', '9 of 9', '0', '–', '0', '–', '–')
    """
    wrong, pairs, tricks = entry["misconceptions"], entry["combinations"], entry["tricks"]
    changed, right = entry["mutants"], entry["alternatives"]
    line = (
        entry["exercise"],
        f"{wrong['rejected']} of {wrong['total']}",
        f"{wrong['named']}",
        f"{pairs['named']} of {pairs['total']}",
        f"{tricks['rejected']} of {tricks['total']}",
        f"{changed['killed']} of {changed['total'] - changed['equivalent']}",
        f"{changed['equivalent']}",
        f"{right['accepted']} of {right['total']}",
        f"{right['variations']}",
        f"{entry['unseen']['named']} of {entry['unseen']['total']}",
        f"{entry['diagnoses']['false']} of {entry['diagnoses']['total']}",
    )
    return tuple(_none(cell) for cell in line)


def text_table(entries: Sequence[dict[str, Any]]) -> str:
    """Return the confusion table for a terminal."""
    lines: list[str] = []
    for assignment in dict.fromkeys(entry["assignment"] for entry in entries):
        table = [HEADERS, *(cells(e) for e in entries if e["assignment"] == assignment)]
        heads = [_two_lines(head) for head in HEADERS]
        widths = [
            max(len(part) for part in (*heads[k], *(line[k] for line in table[1:])))
            for k in range(len(HEADERS))
        ]
        lines += ["", assignment]
        for line in (*zip(*heads, strict=True), *table[1:]):
            first, *others = (cell for cell in line)
            row = [first.ljust(widths[0])]
            row += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
            lines.append("  ".join(row).rstrip())
    return "\n".join(lines)


def _two_lines(head: str) -> tuple[str, str]:
    first, _, last = head.rpartition(" ")
    return first, last


def _none(text: str) -> str:
    return "–" if text == "0 of 0" else text


@dataclass(frozen=True)
class Certificate:
    """The confusion table, as a notebook shows it.

    Attributes
    ----------
    form : str
        "whole", "short" or "sample".
    entries : list of dict
        One for each exercise, in the order of the assignments.

    Examples
    --------
    >>> print(Certificate("short", []).summary)
    The short form: a sample of the mutants, and the notebook's own seeds.
    """

    form: str
    entries: list[dict[str, Any]]

    @property
    def summary(self) -> str:
        """Say which form of the examination the numbers are of."""
        if self.form != "whole":
            what = "mutants" if self.form == "short" else "answers"
            return f"The short form: a sample of the {what}, and the notebook's own seeds."
        return (
            "The whole form: every mutant, five seeds beside the notebook's own, and "
            f"{VARIATIONS[self.form]} variations of the hidden questions for each right answer."
        )

    def __repr__(self) -> str:
        return self.summary + text_table(self.entries)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(title)}</th>' for title in HEADERS)
        body = "".join(
            f'<tr><th scope="row"><code>{escape(first)}</code></th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in others)
            + "</tr>"
            if entry
            else f'<tr><th scope="rowgroup" colspan="{len(HEADERS)}">{escape(first)}</th></tr>'
            for entry, (first, *others) in self._lines()
        )
        return (
            # The book's theme knows tables of this class, in the light and in the dark.
            '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="The certificate">'
            f'<table class="dataframe"><caption>{escape(self.summary)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _lines(self) -> Iterator[tuple[dict[str, Any] | None, tuple[str, ...]]]:
        for assignment in dict.fromkeys(entry["assignment"] for entry in self.entries):
            yield None, (f"Assignment {assignment}",)
            yield from ((e, cells(e)) for e in self.entries if e["assignment"] == assignment)


# --- the record ----------------------------------------------------------------------------------


def examined(source: Path) -> str:
    """Return a digest of all that the numbers of an assignment depend on.

    Parameters
    ----------
    source : Path
        The assignment's notebook, `solutions/<name>/<name>.py`.
    """
    source = source.resolve()
    # The demonstration class is no part of the examination.
    files = {*source.parent.glob("*.py")} - {source.parent / "submissions.py"}
    files |= {ROOT / "tools" / f"{name}.py" for name in TRYING}
    for file in tuple(files):
        files |= import_graph.used(ROOT, file.read_text(encoding="utf-8"))
    return import_graph.digest(files, repr(SEEDS["whole"]), str(VARIATIONS["whole"]))


def recorded(record: Path = RECORD) -> dict[str, dict[str, Any]]:
    """Return what is on record of each assignment: `examined` and `exercises`."""
    if not record.exists():
        return {}
    return dict(json.loads(record.read_text(encoding="utf-8")))


def certificate(record: Path = RECORD) -> Certificate:
    """Return the certificate that is on record, and say which assignments are not."""
    found = recorded(record)
    beside = {path.parent.name for path in record.parent.glob("*/alternatives.py")}
    if missing := sorted(beside - found.keys()):
        print("Not yet examined in the whole form:", ", ".join(missing) + ".")
    return Certificate(
        "whole", [entry for name in sorted(found) for entry in found[name]["exercises"]]
    )


def write(found: Mapping[str, Mapping[str, Any]], record: Path = RECORD) -> None:
    """Put assignments on record, whole or not at all; the others stay as they are.

    Parameters
    ----------
    found : mapping of str to mapping
        By the assignment's name, `examined` and `exercises`.
    record : Path
    """
    merged = recorded(record) | dict(found)
    draft = record.with_name(f"{record.name}.{os.getpid()}")
    lines = (f"{json.dumps(name)}: {_lines(merged[name])}" for name in sorted(merged))
    draft.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    draft.replace(record)


def _lines(entry: Mapping[str, Any]) -> str:
    """Write an assignment with a line for each exercise, so that a change is seen as one."""
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in entry["exercises"])
    return f'{{"examined": {json.dumps(entry["examined"])}, "exercises": [\n  {rows}]}}'
