"""Rebuilds a notebook from the release and what its student handed in.

Of what was handed in only the answers and the student's own cells are taken. Everything else, the
tests, the given cells, all metadata, comes from the instructor's version. What can be put right in
one way only is put right, and said; where two ways are open nothing is guessed.
"""

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from autograder.cells import Cell, name_of, role, without_hidden
from autograder.reading import Found, Unreadable

#: Two texts that share more than this are two versions of one, and no two halves.
_ALIKE = 0.6


# --- which notebook -------------------------------------------------------------------------------


@dataclass
class Chosen:
    """The notebook that counts.

    Attributes
    ----------
    cells : list of cells
    repairs : list of str
        What had to be put right to read it, in sentences for the student.
    beside : list of str
        The names of further notebooks in the folder with work that is not in this one.
    release : str
        The mark that the notebook bears of its release, or "".
    """

    cells: list[Cell]
    repairs: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    release: str = ""


def choose(found: Found, name: str, released: Sequence[Cell]) -> Chosen:
    """Return the notebook of a folder that is to be graded.

    It is the one with the right name, unless nothing was written into it and exactly one other
    holds answers.

    Parameters
    ----------
    found : Found
    name : str
        The notebook's name, without its ending.
    released : sequence of cells

    Raises
    ------
    Unreadable
    """
    wanted = f"{name}.ipynb"
    work = {file: _work(cells, released) for file, cells in found.notebooks.items()}
    others = [file for file in (*found.notebooks, *found.unreadable) if file != wanted]
    holding = {frozenset(work[one]): one for one in others if any(n for n, _ in work.get(one, ()))}
    rivals = list(holding.values())
    file, said = wanted, ""
    if wanted in work:
        if not work[wanted] and len(rivals) == 1:
            (file,) = rivals
            said = f"{wanted} is as it was released, and your work is in {_quoted(file)}; that was"
    elif len(rivals) == 1 and (wanted in found.unreadable or len(others) > 1):
        (file,) = rivals
        reason = found.unreadable.get(wanted, f"No notebook is called {wanted}.")
        said = f"{reason} Only {_quoted(file)} holds your work; it was"
    elif wanted not in found.unreadable:
        if not others:
            raise Unreadable(f"There is no notebook in your submission; hand in {wanted}.")
        if len(others) > 1:
            raise Unreadable(
                f"Your submission has {len(others)} notebooks and none is called {wanted}; hand in "
                "one, under that name."
            )
        (file,) = others
        said = f"Your notebook is called {_quoted(file)}; it was"
    if file in found.unreadable:
        raise Unreadable(found.unreadable[file])
    repairs = [*([f"{said} read as {wanted}."] if said else []), *found.repairs[file]]
    beside = [one for one in others if one != file and not work.get(one, set()) <= work[file]]
    return Chosen(found.notebooks[file], repairs, beside, found.releases.get(file, ""))


def _quoted(file: str) -> str:
    return repr(file[:80])


def _work(cells: Sequence[Cell], released: Sequence[Cell]) -> set[tuple[str, str]]:
    """Return which cells of a notebook hold something that was not released, and what."""
    known = {name_of(cell): cell for cell in released}
    shown = {_words(without_hidden(cell["source"])) for cell in released}
    placed, _ = _recognise(cells, known)
    return {
        (name, _words(cell["source"]))
        for cell, name in placed
        if (cell["source"].strip() or "attachments" in cell)
        and (_words(cell["source"]) not in shown or "attachments" in cell)
        and (not name or role(known[name]) != "test")
    }


# --- the rebuilt notebook -------------------------------------------------------------------------


def rebuild(released: Sequence[Cell], cells: Sequence[Cell]) -> tuple[list[Cell], list[str]]:
    """Return the notebook to be graded, and what was put right, in sentences for the student.

    Parameters
    ----------
    released : sequence of cells
        The instructor's version: stubs in the answer cells, hidden tests in the tests.
    cells : sequence of cells
        As they were handed in.

    Examples
    --------
    >>> about = {"grade_id": "f", "solution": True, "grade": False}
    >>> released = [{"cell_type": "code", "source": "stub", "metadata": {"nbgrader": about}}]
    >>> mine = {"cell_type": "code", "source": "answer", "grade_id": "f", "id": ""}
    >>> own = {"cell_type": "markdown", "source": "a note", "grade_id": "", "id": ""}
    >>> rebuilt, repairs = rebuild(released, [mine, own])
    >>> [cell["source"] for cell in rebuilt], repairs
    (['answer', 'a note'], [])
    """
    known = {name_of(cell): cell for cell in released}
    placed, repairs = _recognise(cells, known)
    copies: dict[str, list[Cell]] = {name: [] for name in known}
    for cell, name in placed:
        if name:
            copies[name].append(cell)
    answers: dict[str, Cell] = {}
    further: dict[str, list[Cell]] = {}  # what else there was under an answer's name
    for name, one in known.items():
        if role(one) == "answer" and copies[name]:
            answers[name], further[name], said = _answer(one, copies[name])
            repairs += said
    before, after = _own_cells(placed, further)
    mine = [(cell, name) for cell, name in placed if not name or role(known[name]) == "answer"]
    for name, one in known.items():
        if role(one) == "answer":
            if not copies[name]:
                repairs.append(f"The answer cell {name} is missing.")
            elif _is_defined_elsewhere(one, mine):
                # The released stub would take the place of what was written elsewhere.
                del answers[name]
                repairs.append(
                    f"The answer cell {name} is as it was released; what another cell of yours "
                    "defines was taken in its place."
                )
            continue
        kept, said = _additions(one, copies[name])
        repairs += said
        (before if role(one) == "test" else after).setdefault(name, [])[:0] = kept
    rebuilt = [_own(cell, k) for k, cell in enumerate(after.get("", ()))]
    for name, one in known.items():
        made = dict(one)
        if name in answers:
            made["source"] = answers[name]["source"]
            if one["cell_type"] != "code" and "attachments" in answers[name]:
                made["attachments"] = answers[name]["attachments"]
        elif role(one) == "answer" and one["cell_type"] == "code":
            made["source"] = ""
        rebuilt += [_own(cell, k, f"before-{name}") for k, cell in enumerate(before.get(name, ()))]
        rebuilt.append(made)
        rebuilt += [_own(cell, k, name) for k, cell in enumerate(after.get(name, ()))]
    return rebuilt, repairs


def _own_cells(
    placed: Sequence[tuple[Cell, str]], further: Mapping[str, Sequence[Cell]]
) -> tuple[dict[str, list[Cell]], dict[str, list[Cell]]]:
    """Return the student's own cells, by the released cell before or after which they stand."""
    after: dict[str, list[Cell]] = {}
    before = {name: list(cells) for name, cells in further.items()}
    last = ""
    for number, (cell, name) in enumerate(placed):
        again = any(name == other for _, other in placed[number + 1 :]) if name else False
        if not name:
            after.setdefault(last, []).append(cell)
        elif not again:
            last = name
    return before, after


def _own(cell: Cell, number: int, after: str = "start") -> Cell:
    made: Cell = {
        "cell_type": cell["cell_type"],
        "id": re.sub(r"[^\w-]", "-", f"own-{after[:50]}-{number}")[:64],
        "metadata": {},
        "source": cell["source"],
    }
    if made["cell_type"] == "code":
        made |= {"execution_count": None, "outputs": []}
    elif "attachments" in cell:
        made["attachments"] = cell["attachments"]
    return made


# --- which cell is which --------------------------------------------------------------------------


def _recognise(
    cells: Sequence[Cell], known: Mapping[str, Cell]
) -> tuple[list[tuple[Cell, str]], list[str]]:
    """Pair each cell with the released cell that it was, if any; and say what was lost."""
    marked = {cell["grade_id"] for cell in cells} & set(known)
    lost = {name: one for name, one in known.items() if name not in marked}
    placed = []
    found = []
    for cell in cells:
        name = cell["grade_id"] if cell["grade_id"] in known else ""
        if not name and (name := _was(cell, lost)):
            del lost[name]
            found.append(name)
        placed.append((cell, name))
    said = []
    if not marked:
        said = [
            "Your notebook has lost nbgrader's marks, perhaps in another program; the cells were "
            "recognised by what is in them."
        ]
    elif found:
        said = [
            f"Cells had lost nbgrader's marks, and were recognised by what is in them: "
            f"{', '.join(found)}."
        ]
    return _pieces(placed, known), said


def _was(cell: Cell, lost: Mapping[str, Cell]) -> str:
    """Return the released cell that has the same id or text, or defines the same function."""
    if cell["id"] in lost:
        return str(cell["id"])
    for name, one in lost.items():
        if _same(one["source"], cell["source"]) or _same(
            without_hidden(one["source"]), cell["source"]
        ):
            return name
    for name, one in lost.items():
        head = re.match(r"(def|class) \w+\(", one["source"]) if role(one) == "answer" else None
        if head and re.search(rf"^{re.escape(head[0])}", cell["source"], re.MULTILINE):
            return name
    return ""


def _pieces(placed: list[tuple[Cell, str]], known: Mapping[str, Cell]) -> list[tuple[Cell, str]]:
    """Give an answer's name to the cell beside it that is a piece of it and has lost its marks.

    It is one if the two are a program together, and not each alone.
    """
    named = list(placed)
    for order in (range(len(named)), range(len(named) - 1, -1, -1)):
        for number, place in enumerate(order):
            name = named[order[number - 1]][1] if number else ""
            if named[place][1] or not name or role(known[name]) != "answer":
                continue
            run = [place, *_run(named, reversed(order[:number]))]
            pieces = [named[k][0] for k in sorted(run)]
            if any(one["cell_type"] != "code" for one in (*pieces, known[name])):
                continue
            sources = [one["source"] for one in pieces]
            if None in map(defined, sources) and _joined(sources) is not None:
                named[place] = (named[place][0], name)
    return named


def _run(named: Sequence[tuple[Cell, str]], places: Iterable[int]) -> Iterator[int]:
    """Yield the first places, as long as they are of one name."""
    yield from next(([*group] for _, group in groupby(places, key=lambda k: named[k][1])), [])


# --- answers --------------------------------------------------------------------------------------


def _answer(released: Cell, copies: Sequence[Cell]) -> tuple[Cell, list[Cell], list[str]]:
    """Return the answer, what else stood under its name, and what is to be said.

    Several copies are one answer if they are its pieces. Otherwise the last one counts that
    somebody has worked in, and the others are run before it, as what they define may be needed.
    """
    name = name_of(released)
    said = []
    if any(cell["cell_type"] != released["cell_type"] for cell in copies):
        said.append(f"The cell {name} is {released['cell_type']} again.")
    if len(copies) == 1:
        return copies[0], [], said
    worked = [cell for cell in copies if not _same(cell["source"], released["source"])]
    last = (worked or copies)[-1]
    rest = [cell for cell in worked[:-1] if not _same(cell["source"], last["source"])]
    whole = _whole(released, [*rest, last]) if rest else None
    if whole is not None:
        said.append(f"The cell {name} was in {len(rest) + 1} pieces; they were put together.")
        pictures = {k: v for cell in copies for k, v in cell.get("attachments", {}).items()}
        attached = {"attachments": pictures} if pictures else {}
        return {**last, "source": whole, **attached}, [], said
    counts = "the last" if last is copies[-1] else "the last that you have changed"
    said.append(f"The cell {name} is there more than once; {counts} counts.")
    return last, rest, said


def _whole(released: Cell, pieces: Sequence[Cell]) -> str | None:
    """Return what some pieces are together, or None if they are several answers."""
    sources = [cell["source"] for cell in pieces]
    if _alike(sources) and None not in map(defined, sources):
        return None
    if released["cell_type"] != "code":
        return None if _alike(sources) else "\n\n".join(sources)
    together = _joined(sources)
    if together is None:
        return None
    asked, made = defined(released["source"]) or Counter(), defined(together) or Counter()
    return together if all(made[name] == 1 for name in asked) else None


def _alike(texts: Sequence[str]) -> bool:
    return any(
        difflib.SequenceMatcher(None, one.split(), other.split()).ratio() > _ALIKE
        for k, one in enumerate(texts)
        for other in texts[k + 1 :]
    )


def _joined(pieces: Sequence[str]) -> str | None:
    """Return the program that some pieces are together, or None if they are none."""
    for glue in ("\n", ""):  # cut between two lines, or in the middle of one
        together = glue.join(pieces)
        if defined(together) is not None:
            return together
    return None


def _is_defined_elsewhere(released: Cell, placed: Sequence[tuple[Cell, str]]) -> bool:
    """Whether an answer was left as it was released, and another of the student's cells has it."""
    name = name_of(released)
    sources = [cell["source"] for cell, one in placed if one == name]
    if released["cell_type"] != "code" or not all(_same(released["source"], s) for s in sources):
        return False
    others = (cell for cell, one in placed if one != name and cell["cell_type"] == "code")
    return is_defined(released, others)


def is_defined(released: Cell, others: Iterable[Cell]) -> bool:
    """Whether other cells define all that an answer cell is there for."""
    asked = set(defined(released["source"]) or ())
    made = [one["source"] for one in others if not _same(one["source"], released["source"])]
    return bool(asked) and asked <= set().union(*(defined(source) or () for source in made))


# --- locked cells ---------------------------------------------------------------------------------


def _additions(released: Cell, copies: Sequence[Cell]) -> tuple[list[Cell], list[str]]:
    """Return what a student has added to a locked cell, as cells, and what is to be said.

    What was added is kept, as the student's own; what was changed is put back.
    """
    name, kind = name_of(released), role(released)
    if kind == "test" and not copies:
        return [], [f"The check {name} was missing; it was put back."]
    what = f"check {name}" if kind == "test" else f"cell {name}"
    kept: list[Cell] = []
    said: list[str] = []
    if len(copies) > 1 and kind == "test":
        said.append(f"The {what} is there more than once; the released one counts.")
    for cell in copies:
        pasted = set(cell.get("attachments", ())) - set(released.get("attachments", ()))
        if _released(released["source"], cell["source"]) and not pasted:
            continue
        added, changed = (_added_code if released["cell_type"] == "code" else _added_text)(
            released["source"], cell["source"]
        )
        if kind == "test":
            imports = [one for one in added if _imports_only(one)]
            changed, added = changed or imports != added, imports
        source = "\n".join(added).strip("\n")
        if source.strip() or pasted:
            kept.append({**cell, "cell_type": released["cell_type"], "source": source})
            said.append(f"What you have added to the {what} was kept, in a cell of its own.")
        if changed:
            said.append(f"The {what} was changed; it was put back.")
    return kept, list(dict.fromkeys(said))


def _released(source: str, handed_in: str) -> bool:
    """Whether a locked cell is as it was released, which is without its hidden part."""
    return _same(without_hidden(source), handed_in) or _same(source, handed_in)


def _added_text(released: str, handed_in: str) -> tuple[list[str], bool]:
    r"""Return the lines that were added to a text, and whether any of its own is gone.

    Examples
    --------
    >>> _added_text("Why?\nSay it.", "Why?\nBecause.\nSay it.")
    (['Because.'], False)
    """
    given, lines = released.splitlines(), handed_in.splitlines()
    added, gone = _difference([_words(one) for one in given], [_words(one) for one in lines])
    return [lines[k] for k in added], any(given[k].strip() for k in gone)


def _added_code(released: str, handed_in: str) -> tuple[list[str], bool]:
    r"""Return the statements that were added to a program, and whether any of its own is gone.

    Of a statement that imports more than it did, the new names are what was added.

    Examples
    --------
    >>> _added_code("import numpy as np\na = 1", "import math, numpy as np\na = 2\nb = 3")
    (['import math', 'a = 2', 'b = 3'], True)
    """
    before, now = _statements(without_hidden(released)), _statements(handed_in)
    if before is None or now is None:
        known = {line.strip() for line in released.splitlines()}
        lines = [one.strip() for one in handed_in.splitlines()]
        return [one for one in lines if one not in known and _imports_only(one)], True
    added, gone = _difference([one for one, _ in before], [one for one, _ in now])
    imported = {one for _, text in before for one in _imports(text)}
    found = []
    for text in (now[k][1] for k in added):
        new = [one for one in _imports(text) if one not in imported]
        found += new if _imports_only(text) else [text]
    still = {one for _, text in now for one in _imports(text)}
    lost = [
        k
        for k in gone
        if not _imports_only(before[k][1]) or not set(_imports(before[k][1])) <= still
    ]
    return found, bool(lost)


def _difference(before: Sequence[str], now: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return which of the present ones are new, and which of the former ones are gone."""
    added: list[int] = []
    gone: list[int] = []
    matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            gone += range(start, end)
            added += range(first, last)
    return added, gone


# --- small things about text and code -------------------------------------------------------------


def _words(text: str) -> str:
    return " ".join(text.split())


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _tree(source: str) -> ast.Module | None:
    """Return a cell's syntax tree, with its magics as `pass`, or None if it is no program."""
    plain = re.sub(r"^([ \t]*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _statements(source: str) -> list[tuple[str, str]] | None:
    """Return each statement of a cell as its tree in words and its text, or None."""
    tree = _tree(source)
    if tree is None:
        return None
    lines = source.splitlines()
    found = []
    for node in tree.body:
        decorators: list[Any] = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(one.lineno for one in decorators)])
        text = "\n".join(lines[first - 1 : node.end_lineno])
        magic = text.lstrip().startswith(("%", "!"))
        found.append((text.strip() if magic else ast.dump(node), text))
    return found


def defined(source: str) -> Counter[str] | None:
    r"""Return how often a cell defines each name, or None if it is no program.

    Examples
    --------
    >>> defined("def f(x):\n    return x\na = b = 1\na = 2")
    Counter({'a': 2, 'f': 1, 'b': 1})
    >>> defined("    return x") is None
    True
    """
    tree = _tree(source)
    return None if tree is None else Counter(_bindings(tree))


def _bindings(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else ()
        yield from (
            one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)
        )


def _imports(source: str) -> list[str]:
    """Return each name that a cell's statements import, as an import of its own."""
    tree = _tree(source)
    found = []
    for node in tree.body if tree else ():
        if isinstance(node, ast.Import):
            found += [ast.unparse(ast.Import([one])) for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = (ast.ImportFrom(node.module, [one], node.level) for one in node.names)
            found += [ast.unparse(one) for one in parts]
    return found


def _imports_only(source: str) -> bool:
    tree = _tree(source)
    body = tree.body if tree else []
    return bool(body) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)
