"""What the page of numbers says of the record: its tables, its curves and its sentences."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from benchmarks import record

Sections = Mapping[str, Any]
Rows = list[list[float]]

#: What the sections are called on the page.
NAMES = {
    "races": "the races at one size",
    "sizes": "the races against size",
    "grading": "the two classes",
    "classes": "the classes of every size",
    "building": "the waiting",
    "weight": "the weight of the pages",
}


def duration(ms: float | None) -> str:
    r"""Write a time with two digits and the unit that suits it.

    Examples
    --------
    >>> [duration(ms).replace("\xa0", " ") for ms in (0.0386, 3.14, 1234.0, 187_000.0, None)]
    ['39 µs', '3.1 ms', '1.2 s', '187 s', '–']
    """
    if ms is None:
        return "–"
    value, unit = next(
        (ms * scale, unit)
        for scale, unit, limit in ((1e3, "µs", 1.0), (1.0, "ms", 1e3), (1e-3, "s", float("inf")))
        if ms < limit
    )
    # The gap does not break, so that a unit never stands alone in a line.
    return (
        f"{value:.1f}\N{NO-BREAK SPACE}{unit}"
        if value < 9.95
        else f"{value:.0f}\N{NO-BREAK SPACE}{unit}"
    )


def times(ratio: float | None) -> str:
    """Write a ratio with two digits.

    Examples
    --------
    >>> [times(ratio) for ratio in (0.644, 3.25, 86.4, 3481.0, None)]
    ['0.64', '3.2', '86', '3,481', '–']
    """
    if ratio is None:
        return "–"
    return f"{ratio:,.{2 if ratio < 0.995 else 1 if ratio < 9.95 else 0}f}"


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown; all columns but the first are numbers.

    Examples
    --------
    >>> print(table(["peer", "ratio"], [["SciPy", "2"]]))
    | peer | ratio |
    |:--|--:|
    | SciPy | 2 |
    """
    lines = [head, *rows]
    written = [f"| {' | '.join(line)} |" for line in lines]
    marks = "|".join([":--", *["--:"] * (len(head) - 1)])
    return "\n".join([written[0], f"|{marks}|", *written[1:]])


# --- against size -------------------------------------------------------------------------------


def against_size(sections: Sections, name: str) -> dict[str, dict[int, dict[str, Any]]]:
    """Return the results of one race, by peer and size; also of those who could not run."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for result in sections["sizes"]["entries"]:
        if result["name"] == name:
            found.setdefault(result["peer"], {})[result["size"]] = result
    return found


def curves(sections: Sections, name: str) -> dict[str, Rows]:
    """Return for nnlib and each peer that ran: size, lower quartile, median, upper one (ms)."""
    found: dict[str, Rows] = {"nnlib": []}
    for by_size in against_size(sections, name).values():
        for size, one in sorted(by_size.items()):
            low, high = one["ours_spread"] or (None, None)
            ours = [size, low, one["ours_ms"], high]
            if low is not None and ours[0] not in [row[0] for row in found["nnlib"]]:
                found["nnlib"].append(ours)
            if one["peer_ms"] is not None:
                low, high = one["peer_spread"]
                found.setdefault(one["peer"], []).append([size, low, one["peer_ms"], high])
    return found


def ratios(sections: Sections, name: str) -> str:
    """Return a table of how many times as long each peer takes, a column for each size."""
    found = against_size(sections, name)
    sizes = sorted({size for by_size in found.values() for size in by_size})
    ours = {row[0]: row[2] for row in curves(sections, name)["nnlib"]}
    rows = [["**nnlib itself**", *(duration(ours.get(size)) for size in sizes)]]
    for peer, by_size in found.items():
        row = (times(by_size[size]["ratio"]) if size in by_size else "–" for size in sizes)
        rows.append([peer, *row])
    return table(["parameters", *(f"{size:,}" for size in sizes)], rows)


def outcome(sections: Sections, name: str, *, but: str = "") -> str:
    """Say who is slower than nnlib and who is faster, size by size, and who did not run.

    `but` names who stands in the record for comparison only, as bounds do.
    """
    lines = []
    for peer, by_size in against_size(sections, name).items():
        ran = {size: one for size, one in sorted(by_size.items()) if one["ratio"] is not None}
        if peer == but or any(one["bound"] for one in ran.values()):
            continue
        if not ran:
            lines.append(f"- {peer} did not run: {next(iter(by_size.values()))['note']}.")
            continue
        lost = [f"{size:,}" for size, one in ran.items() if one["ratio"] < 1]
        if not lost:
            said = f"nnlib is faster than {peer} at every size"
        elif len(lost) == len(ran):
            said = f"nnlib is **slower** than {peer} at every size"
        else:
            said = f"nnlib is **slower** than {peer} at {listed(lost)} parameters, else faster"
        without = [f"{size:,}" for size, one in sorted(by_size.items()) if one["ratio"] is None]
        if without:
            note = by_size[int(without[0].replace(",", ""))]["note"]
            said += f"; at {listed(without)} it did not run: {note}"
        lines.append(f"- {said}.")
    return "\n".join(lines)


def shares(sections: Sections, name: str) -> str:
    """Say which share of the bound nnlib reaches at each size, and how large it was to be."""
    found = [
        one
        for by_size in against_size(sections, name).values()
        for one in by_size.values()
        if one["bound"] and one["ratio"] is not None
    ]
    said = listed(f"{100 * one['ratio']:.0f} % at {one['size']:,} parameters" for one in found)
    wanted = {one["target"] for one in found if one["target"]}
    aim = listed(f"{100 * one:.0f} %" for one in sorted(wanted))
    missed = [f"{one['size']:,}" for one in found if one["reached"] is False]
    verdict = f"missed at {listed(missed)}" if missed else "reached at every size"
    return f"The step reaches {said}. The aim is {aim}: {verdict}."


# --- single races -------------------------------------------------------------------------------


def verdict(reached: bool | None) -> str:
    """Return what a table says of an aim.

    Examples
    --------
    >>> [verdict(one) for one in (True, False, None)]
    ['reached', '**missed**', '–']
    """
    return {None: "–", True: "reached", False: "**missed**"}[reached]


def single_races(sections: Sections) -> str:
    """Return the races at one size, with their aims."""
    rows = []
    for one in sections["races"]["entries"]:
        who = f"{one['name']}: {one['peer']}"
        if one["ratio"] is None:
            rows.append([f"{who} ({one['note']})", *["–"] * 5])
            continue
        low, high = one["spread"]
        rows.append(
            [
                f"{who} (a bound)" if one["bound"] else who,
                duration(one["ours_ms"]),
                duration(one["peer_ms"]),
                f"{times(one['ratio'])} ({times(low)} to {times(high)})",
                times(one["target"]),
                verdict(one["reached"]),
            ]
        )
    return table(["race", "nnlib", "peer", "ratio (quartiles)", "aim", "verdict"], rows)


def xor_bound(sections: Sections) -> str:
    """Say how far from micrograd anything can get that calls NumPy."""
    rows = [one for one in sections["races"]["entries"] if one["name"].endswith("on XOR")]
    bound = next(one for one in rows if one["bound"])
    others = {one["peer"]: one for one in rows if one["ratio"] is not None}
    if "micrograd" not in others:
        return "micrograd did not run."
    micrograd = others["micrograd"]
    return (
        f"A step on XOR takes micrograd {times(micrograd['ratio'])} times as long as nnlib. The "
        f"bare NumPy calls alone take {duration(bound['peer_ms'])} of micrograd's "
        f"{duration(micrograd['peer_ms'])}, so that nothing that calls NumPy can be more than "
        f"{times(micrograd['peer_ms'] / bound['peer_ms'])} times as fast. Of that bound nnlib "
        f"reaches {100 * bound['ratio']:.0f} %."
    )


# --- grading ------------------------------------------------------------------------------------


def throughput(sections: Sections) -> dict[str, Rows]:
    """Return for each way of grading: students, and notebooks in a minute (least, median, most)."""
    found: dict[str, Rows] = {}
    for one in sections["classes"]["entries"]:
        if one["seconds"] is None:
            continue
        several = one["way"] == "python -m autograder"
        jobs = f", {one['jobs']} job{'s' * (one['jobs'] > 1)}" if several else ""
        fast, slow = one["spread"]
        per_minute = [60 * one["students"] / seconds for seconds in (slow, one["seconds"], fast)]
        found.setdefault(f"{one['way']}{jobs}", []).append([one["students"], *per_minute])
    return found


def throughput_table(sections: Sections) -> str:
    """Return notebooks in a minute, a column for each class."""
    found = throughput(sections)
    sizes = sorted({int(row[0]) for rows in found.values() for row in rows})
    lines = []
    for way, rows in found.items():
        by_size = {int(row[0]): row[2] for row in rows}
        lines.append([way, *(times(by_size.get(size)) for size in sizes)])
    return table(["students", *(str(size) for size in sizes)], lines)


def graded_classes(sections: Sections) -> str:
    """Return how many times nbgrader's throughput each way reaches, and the share of the bound."""
    entries = sections["grading"]["entries"]
    bounds = {one["name"]: one["ratio"] for one in entries if "target" not in one}
    rows = []
    for one in entries:
        share = one["ratio"] / bounds[one["name"]] if one["name"] in bounds else None
        target = one.get("target")
        rows.append(
            [
                f"{one['name'].removeprefix('grading ')}: {one['way']}",
                times(one["ratio"]),
                "–" if share is None else f"{100 * share:.0f} %",
                times(target),
                verdict(None if target is None else one["ratio"] >= target),
            ]
        )
    return table(["class and way", "times nbgrader", "of the bound", "aim", "verdict"], rows)


def not_graded(sections: Sections) -> str:
    """Say who could not grade, and why; an empty string if all could."""
    notes = {one["way"]: one["note"] for one in sections["classes"]["entries"] if one["note"]}
    return " ".join(f"{way} did not run: {note}." for way, note in notes.items())


# --- the book -----------------------------------------------------------------------------------


def waiting(sections: Sections) -> dict[str, dict[str, float]]:
    """Return what a newcomer waits for: measured, and the bound."""
    return {
        one["what"]: {"measured": one["seconds"], "bound": one["bound"]}
        for one in sections["building"]["entries"]
        if one["seconds"] is not None
    }


def waiting_table(sections: Sections) -> str:
    """Return the same in numbers, with the time that all processors worked."""
    rows = [
        [
            f"{one['what']} ({one['note']})" if one["note"] else one["what"],
            duration(None if one["seconds"] is None else 1e3 * one["seconds"]),
            "–" if one["processor_seconds"] is None else f"{one['processor_seconds']:.0f} s",
            f"{one['bound']:g} s",
            verdict(one["reached"]),
        ]
        for one in sections["building"]["entries"]
    ]
    return table(["what", "by the clock", "processors", "bound", "verdict"], rows)


def page_weights(sections: Sections) -> dict[str, dict[str, float]]:
    """Return kilobytes of each page: its own, and with all that it loads."""
    return {
        one["page"]: {"the page itself": one["own"] / 1e3, "with all it loads": one["bytes"] / 1e3}
        for one in sections["weight"]["entries"]
    }


def weights_said(sections: Sections) -> str:
    """Name the lightest and the heaviest page."""
    pages = sorted(sections["weight"]["entries"], key=lambda one: one["bytes"])
    least, most = pages[0], pages[-1]
    return (
        f"The lightest page, `{least['page']}`, brings {least['bytes'] / 1e6:.1f} MB into an empty "
        f"browser, in {least['files']} files, and the heaviest, `{most['page']}`, "
        f"{most['bytes'] / 1e6:.1f} MB in {most['files']}. What the pages share is loaded once."
    )


# --- where and when -----------------------------------------------------------------------------


def where(sections: Sections) -> str:
    """Name the machine, the day and the versions of each measurement, and who was not there."""
    groups: dict[tuple, list[str]] = {}
    for name, about in sections.items():
        day = date.fromisoformat(about["date"])
        place = (
            f"{day.day} {day:%B %Y}, {about['processor']}, {about['cores']} cores, "
            f"{about['machine']}, Python {about['python']}"
        )
        groups.setdefault((place, tuple(sorted(about["versions"].items()))), []).append(name)
    lines = []
    for (place, versions), names in groups.items():
        loads = [sections[name]["load"] for name in names if sections[name]["load"] is not None]
        busy = (
            f"; {min(loads):g} to {max(loads):g} programs wanted to run at the start"
            if loads
            else ""
        )
        packages = listed(f"{package} {version}" for package, version in versions)
        lines.append(f"- {place}: {listed(NAMES[name] for name in names)}{busy}. With {packages}.")
    for remark in dict.fromkeys(about["remark"] for about in sections.values() if about["remark"]):
        names = [NAMES[name] for name, about in sections.items() if about["remark"] == remark]
        lines.append(f"- Of {listed(names)}: {remark}")
    absent = sorted({one for about in sections.values() for one in about["not_installed"]})
    present = {package for about in sections.values() for package in about["versions"]}
    if never := [one for one in absent if one not in present]:
        lines.append(f"- Not installed, and so not raced: {listed(never)}.")
    return "\n".join(lines)


def age(sections: Sections) -> str:
    """Say in one sentence whether the code is still what was measured."""
    changed = record.older(sections)
    if not changed:
        return "Since then, nothing of what was measured has changed."
    return (
        f"The record is older than the code for {listed(NAMES[one] for one in changed)}: "
        "some of the files that were measured have changed since."
    )
