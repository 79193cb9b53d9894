"""What a page or a program uses is found from its imports."""

import import_graph
import pytest

FILES = {
    "lib/__init__.py": "",
    "lib/core.py": "X = 1",
    "lib/maths.py": "from lib.core import X\ndef double(x): return 2 * x",
    "lib/other.py": "import os",
    "lib/pictures/__init__.py": (
        "from lib.pictures.curve import curve\nfrom lib.pictures.network import network\n"
        "__all__ = ['curve', 'network']"
    ),
    "lib/pictures/_ink.py": "BLACK = 0",
    "lib/pictures/curve.py": "from lib.pictures._ink import BLACK\ndef curve(): ...",
    "lib/pictures/network.py": "from ._ink import BLACK\nfrom ..maths import double",
    "lib/checks/__init__.py": "from lib.checks.help import explain\nexplain()",
    "lib/checks/help.py": "def explain(): ...",
    "lib/checks/half.py": "def half(): from lib import other",
}


@pytest.fixture
def root(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import numpy", ""),
        ("import lib.maths", "maths core"),
        ("from lib.maths import double", "maths core"),
        ("def f():\n    from lib import maths as m", "maths core"),
        ("from lib import pictures\npictures.curve()", "pictures curve _ink"),
        ("from lib.pictures import network", "pictures network _ink maths core"),
        ("import lib.pictures.curve", "pictures curve _ink"),
        ("from lib.checks import half as check", "checks help half other"),
    ],
)
def test_a_program_uses_what_its_imports_lead_to(root, program, expected):
    found = import_graph.used(root, program) - {root / "lib" / "__init__.py"}
    names = {file.parent.name if file.name == "__init__.py" else file.stem for file in found}
    assert names == set(expected.split())


PAGE = """\
---
kernelspec:
  name: python3
---
# A page

```{code-cell} ipython3
---
mystnb:
  image:
    alt: A curve.
---
%matplotlib inline
import lib.maths
```

```python
import lib.other
```

```{code-cell} ipython3
:tags: [hide-input]
from lib.core import X
```
"""


def test_the_cells_of_a_page_are_its_program():
    assert import_graph.code_of(PAGE) == "import lib.maths\n\nfrom lib.core import X\n"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("x = 1", "# One.\n\nx = 1  # one\n", True),
        ("def f(x):\n    return x", 'def f(x):\n    """X.\n\n    All."""\n    return x', True),
        ('"""A module."""\nx = 1', '"""Another."""\nx = 1', True),
        ("x = '# one'", "x = '# two'", False),
        ("def f():\n    x = 1\n    '''Two.'''", "def f():\n    x = 1\n    '''Six.'''", False),
        ("x = 1", "x = 2", False),
    ],
)
def test_comments_and_docstrings_mean_nothing_and_the_rest_does(tmp_path, before, after, same):
    file = tmp_path / "a.py"
    file.write_text(before)
    first = import_graph.digest([file])
    file.write_text(after)
    assert (import_graph.digest([file]) == first) is same


def test_a_digest_tells_files_names_and_words_apart(tmp_path):
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("a # b")
    two.write_text("a # c")
    found = [
        import_graph.digest([one]),
        import_graph.digest([two]),
        import_graph.digest([one, two]),
        import_graph.digest([one], "3.11"),
    ]
    assert len(set(found)) == 4
    assert import_graph.digest([two, one]) == found[2]
