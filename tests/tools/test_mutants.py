"""Small changes of a right solution: enough of them, each once, each a program."""

import ast
import doctest

import pytest

from tools import mutants


def changes(source):
    return [one.change for one in mutants.mutants(source)]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("return a + b", ["return a - b", "return a", "return b"]),
        ("return a - b", ["return a + b", "return b - a"]),
        ("return a / b", ["return a * b", "return b / a"]),
        ("return a @ b.T", ["return a * b.T", "return b.T @ a", "return a @ b"]),
        ("return -a", ["return a"]),
        ("return a[i]", ["return a[0]", "return a[i - 1]", "return a"]),
        ("return a[1:b]", ["return a[:b]", "return a[1:]"]),
        ("return a[i, b]", ["return a[b, i]"]),
        ("return b if a < i else i", ["return b if a <= i else i", "return b if a > i else i"]),
        ("return a and b", ["return a or b", "return a", "return b"]),
        ("return f(a, b)", ["return f(b, a)", "return f(a)", "return a"]),
        ("return f(a, axis=0)", ["return f(a)", "return f(a, axis=1)"]),
        ("return abs(a)", ["return a"]),
        ("return np.argmin(a)", ["return np.argmax(a)", "return a"]),
        ("return a.copy()", ["return a"]),
        ("a += b", ["a -= b", "a = b", "(removed)"]),
        ("a[i] = 0.5", ["a[i] = 1.0", "a[i] = 0.25", "a[i] = -0.5", "(removed)"]),
        ("return [c for c in a if c]", ["return [c for c in a]"]),
        ("return a == 'done'", ["return a != 'done'", "return a == 'done_'"]),
        ("return f(a, True)", ["return f(a, False)"]),
        ("return round(a * b)", ["return int(a * b)"]),
        ("return np.median(a)", ["return np.mean(a)"]),
        ("return a == b", ["return a is b"]),
        ("return a is b", ["return a == b", "return a is not b"]),
    ],
)
def test_a_line_is_changed_in_the_ways_that_students_slip(line, wanted):
    found = changes(f"def g(f, a, b, i):\n    {line}")
    for after in wanted:
        assert any(one.endswith(f" -> {after}") for one in found), (after, found)


def test_conditions_are_turned_round_and_lines_are_left_out():
    source = """
def g(a):
    while a > 0:
        a = a - 1
        if a:
            break
    return a
"""
    found = changes(source)
    assert "while a > 0: -> while not a > 0:" in found
    assert "if a: -> if not a:" in found
    assert "break -> continue" in found
    assert "a = a - 1 -> (removed)" in found


def test_a_loop_is_left_too_early():
    assert "(nothing) -> break" in changes("def g(a):\n    for b in a:\n        b()\n    return a")


def test_a_neighbouring_variable_is_taken_for_another():
    assert "return a * b -> return b * b" in changes("def g(a, b, c):\n    return a * b")


def test_defaults_are_changed_and_docstrings_are_not():
    found = changes('def g(a, h=1e-5):\n    """One 1."""\n    return a')
    assert "def g(a, h=1e-05): -> def g(a, h=2e-05):" in found
    assert not any("One" in one for one in found)


def test_every_mutant_is_another_program_and_has_a_name_of_its_own():
    source = "def g(a):\n    a = a + 1\n    a = a + 1\n    return a"
    made = mutants.mutants(source)
    assert len({one.change for one in made}) == len(made) == len({one.source for one in made})
    assert all(one.source != ast.unparse(ast.parse(source)) for one in made)
    for one in made:
        compile(one.source, "mutant", "exec")
    assert sum(one.change.startswith("a = a + 1 -> a = a - 1") for one in made) == 2


def test_the_same_source_has_the_same_mutants():
    source = "def g(a, b):\n    return a[0] * b - 1"
    assert mutants.mutants(source) == mutants.mutants(source)


def test_the_worked_example_comes_out():
    assert doctest.testmod(mutants).failed == 0
