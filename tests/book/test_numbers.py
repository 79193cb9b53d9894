"""Every number in the book is executed: what the words state, a cell shows.

Numbers count that look like results: with a decimal point, as a power of ten, or with at least
three digits. Each must be in a cell of its section, in the code or in the output, rounded as the
words have it; or in any cell of its page, digit for digit; or in one of the two short tables of
`number_tables`.
"""

import math

import pytest

from tests.book.number_tables import COMPUTED, GIVEN
from tests.book.page_numbers import Number, numbers_in, plain, read_page, values_in
from tests.conftest import ROOT

EXECUTED = [
    path.stem
    for path in sorted((ROOT / "chapters").glob("*.md"))
    if path.read_text(encoding="utf-8").startswith("---\njupytext:")
]


@pytest.mark.parametrize("page", EXECUTED)
def test_every_number_of_a_page_is_shown_by_a_cell_or_computed(page, built_book):
    read = read_page((built_book / "chapters" / f"{page}.html").read_text("utf-8"))
    computed, given = COMPUTED.get(page, {}), GIVEN.get(page, {})
    stated = [number for section in read.sections for number in section.stated]
    wrong = [
        f"{number.text} is computed as {computed[number.text]:.8g} in '… {number.around} …'"
        for number in stated
        if number.text in computed and not number.agrees(computed[number.text])
    ] + [
        f"{number.text} is in no cell of its section, but in '… {number.around} …'"
        for number in read.unbacked()
        if number.text not in computed and number.text not in given
    ]
    assert not wrong, "\n".join(
        [
            f"chapters/{page}.md states numbers that it does not show.",
            *wrong,
            "Correct them, or print them in a cell of their section, or compute them in COMPUTED; "
            "what a question merely supposes goes to GIVEN (tests/book/number_tables.py).",
        ]
    )
    # Whether a cell shows it may depend on the machine, which has the last digits of a long run.
    left = sorted((set(computed) | set(given)) - {number.text for number in stated})
    assert not left, f"take out of tests/book/number_tables.py, {page} does not say it: {left}"


def test_the_tables_name_pages_and_no_number_twice():
    assert set(COMPUTED) | set(GIVEN) <= set(EXECUTED)
    for page, given in GIVEN.items():
        assert not set(given) & set(COMPUTED.get(page, {}))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"after 13\,000 steps", ["13000"]),
        ("after 13\u202f000 or 1,500 or 288 720 steps", ["13000", "1500", "288720"]),
        ("below 10^{-300}, and 10^{5}, and 10⁻⁷", ["1e-300", "1e5", "1e-7"]),
        (r"about 3 \cdot 10^{-4} and -2.59 \times 10^{13}", ["3e-4", "2.59e13"]),
        ("10-20 of 0.1², 3² is 9.5", ["0.1", "9.5"]),
        ("1e-7, not 2e-07", ["1e-7", "2e-07"]),
        ("9.1 times 10 to the minus 14", ["9.1e-14"]),
        ("from −0.5 to −127 degrees", ["0.5", "127"]),
        (r"\frac{0.1}{0.0316} and 0.1/0.0316", ["0.1", "0.0316", "0.1", "0.0316"]),
        ("12 units, 50 %, the 3-2-1 network", []),
        ("x_{100}, 2^{512}, S100, float64 and E3.14", []),
        ("S1 (lines 133 and 135), line 264; lines 122 to 178, then 0.25", ["0.25"]),
        ("Lines 36 and 38 and again at 133 and 135 say 0.5", ["0.5"]),
        ("section 5.7 or chapter 4.1, and 5.7", ["5.7"]),
        ("version 2.14.3 of it", []),
    ],
)
def test_numbers_are_read_as_they_are_written(written, read):
    assert [number.text for number in numbers_in(written)] == read


def test_a_line_break_or_a_list_makes_no_thousands():
    assert plain("5 or 10 100, 2000") == "5 or 10100, 2000"  # as in 10 100 steps
    assert [number.text for number in numbers_in("1.5\n100")] == ["1.5", "100"]
    assert [number.text for number in numbers_in("0.25, 125")] == ["0.25", "125"]


@pytest.mark.parametrize(
    ("text", "agrees", "differs"),
    [
        ("0.55", [0.5514, -0.545, 0.555], [0.544, 0.556]),
        ("0.550", [0.5504], [0.5514]),
        ("13000", [13000, 13499], [13780]),
        ("1024", [1024], [1023]),
        ("3e-4", [2.6e-4, 3.4e-4], [3.6e-4]),
        ("1e-23", [7e-24, 3e-23], [4e-23, 3e-24]),  # an order of magnitude
        ("1.0", [1.04], [1.06, 0.0]),
        ("1.8e308", [1.797e308], [1.7e308]),
    ],
)
def test_a_number_agrees_with_what_rounds_to_it(text, agrees, differs):
    assert all(Number(text, "").agrees(value) for value in agrees)
    assert not any(Number(text, "").agrees(value) for value in differs)


def test_a_percentage_agrees_with_a_share():
    (number,) = numbers_in("about 85.8 % of them")
    assert number.agrees(0.858)
    assert number.agrees(85.8)
    (share,) = numbers_in("a share of 0.858")
    assert not share.agrees(85.8)
    assert share.shown_in(sorted(values_in("85.8% right")))


def test_cells_show_what_python_writes():
    shown = values_in("loss 2.5e-03, 12_500 boxes, 79,400 more, [1. 0.5], −3, 98%")
    assert shown == [2.5e-3, 12500.0, 79400.0, 1.0, 0.5, 3.0, 98.0, 0.98]
    assert not any(math.isnan(value) for value in shown)


PAGE = """<html><body><p>0.11</p><article><section>
<h1><span class="section-number">3.14. </span>Title 0.21<a class="headerlink">0.12</a></h1>
<p>By <a class="reference">(3.141)</a> it is <span class="math"><annotation>0.22</annotation>
<span>0.13</span></span>.</p><div class="math"><annotation>0.23</annotation></div>
<img alt="falls to 0.24">
<div role="img" aria-label="rises to 0.25"><svg><text>0.14</text></svg></div>
<div class="cell docutils"><pre>x = 0.5 ** 2</pre><pre>0.314</pre>
<figure><img alt="ends at 0.26"><figcaption>Fig. <p>At 0.27</p></figcaption></figure>
<script>0.15</script></div>
<div class="quoted"><p class="quoted-from">0.16</p><pre>0.32</pre></div>
<div class="highlight"><pre>0.17</pre></div>
<table><thead><tr><th>value</th><th>lines</th></tr></thead>
<tbody><tr><td>0.28</td><td>133, 135</td></tr></tbody></table>
<section><h2>Next</h2><p>0.4 and 0.321 %</p><div class="cell docutils"><pre>0.42</pre></div>
<section><h3>Below</h3><p>0.420 and 0.31 and 0.314</p></section></section>
<section><h2>Last</h2><p>It is 0.4</p></section></section></article></body></html>"""


def test_words_captions_tables_and_descriptions_state_and_only_cells_show():
    first, second, last = read_page(PAGE).sections
    assert sorted(number.text for number in first.stated) == [f"0.2{k}" for k in range(1, 9)]
    assert first.shown == [0.314, 0.32, 0.5, 2.0]
    assert [number.text for number in second.stated] == ["0.4", "0.321", "0.420", "0.31", "0.314"]
    assert second.shown == [0.42]
    assert [number.text for number in last.stated] == ["0.4"]


def test_a_cell_of_another_section_must_show_the_number_digit_for_digit():
    page = read_page(PAGE)
    unbacked = [number.text for number in page.unbacked()]
    assert unbacked == [
        *(number.text for number in page.sections[0].stated),
        "0.321",
        "0.31",
        "0.4",
    ]
