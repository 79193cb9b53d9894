"""The folder of code that a jail can see: the workspace's own modules, and the book's library.

The library is a copy in which an assignment's answers are withheld: the functions are there, and
each raises and says so. The checks, which know the right answers, are not there at all; in the
place of each is a module that answers every question with "the judge checks this".
"""

import ast
import importlib.util
import shutil
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

#: The book's library, and the package of its checks, which knows the answers.
PACKAGE, CHECKS = "nnlib", "nnchecks"
#: What of the checks students' programs call, and what knows no answer: their own numbers.
OPEN = ("variants",)
#: Where the checks note that a withheld function was called.
REFUSALS = f"{CHECKS}.engine.withheld"
#: What the workspace needs of this package.
MODULES = ("__init__", "channel", "confine", "workspace", "zygote")

_REFUSAL = '''\
"""What stands in for the functions that an assignment asks for."""

CALLED: list[str] = []


class WithheldError(RuntimeError):
    """Raised in place of a withheld function's answer."""

    def __init__(self, name):
        super().__init__(f"the book's own `{name}` cannot be called here: write it yourself")


def refuse(name):
    CALLED.append(name)
    raise WithheldError(name)
'''

_CHECKED_ELSEWHERE = '''\
"""Where a class is graded the judge checks the answers; here there is nothing to see."""


class _CheckedElsewhere:
    def __init__(self, name):
        self.name = name

    def __call__(self, *_, **__):
        return self

    def __getattr__(self, name):
        return __getattr__(name)

    def __repr__(self):
        return f"{self.name}: the judge checks this."


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _CheckedElsewhere(name)
'''


def where(package: str = PACKAGE) -> Path | None:
    """Return the folder of an installed package without importing it.

    Examples
    --------
    >>> where("autograder").name
    'autograder'
    """
    spec = importlib.util.find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent


def build(target: Path, withheld: Mapping[str, Set[str]], package: str = PACKAGE) -> Path:
    """Write the folder and return it.

    Parameters
    ----------
    target : Path
    withheld : mapping of str to set of str
        For a module of the package, the functions and classes that must not answer.
    package : str
        Its name; where there is no such package, or no name, none is copied.
    """
    own = target / "autograder"
    own.mkdir(parents=True)
    for name in MODULES:
        shutil.copyfile(Path(__file__).with_name(f"{name}.py"), own / f"{name}.py")
    folder = where(package) if package else None
    if folder is None:
        return target
    for place, text in _modules(folder):
        module = ".".join((package, *place.with_suffix("").parts)).removesuffix(".__init__")
        names = withheld.get(module)
        _write(target / package / place, without(text, names, package) if names else text)
    _write(target / package / "_withheld.py", _REFUSAL)
    checks = where(CHECKS)
    for place, text in _modules(checks) if checks else ():
        _write(target / CHECKS / place, _seen_in_a_jail(place, text))
    return target


def _seen_in_a_jail(place: Path, text: str) -> str:
    """Return what is there of a module of the checks."""
    if place.with_suffix("").as_posix() in OPEN:
        return text
    if place != Path("__init__.py"):
        return _CHECKED_ELSEWHERE
    # The package answers for every name that it does not know, so it must know these.
    return _CHECKED_ELSEWHERE + "".join(f"\n\nimport {CHECKS}.{name}\n" for name in OPEN)


def _modules(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the modules of a package: where in its folder each is, and its text."""
    for source in sorted(folder.rglob("*.py")):
        yield source.relative_to(folder), source.read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def without(source: str, names: Set[str], package: str = PACKAGE) -> str:
    r"""Return a module's source in which some functions and classes only refuse.

    Examples
    --------
    >>> print(without("def half(x):\n    return x / 2", {"half"}))
    def half(*_, **__):
        import nnlib._withheld
        nnlib._withheld.refuse('half')
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in names:
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    _gut(member, node.name, package)
        if isinstance(node, ast.FunctionDef) and node.name in names:
            _gut(node, node.name, package)
    return ast.unparse(ast.fix_missing_locations(tree))


def _gut(function: ast.FunctionDef, name: str, package: str) -> None:
    function.decorator_list = [
        one
        for one in function.decorator_list
        if isinstance(one, ast.Name) and one.id in ("property", "staticmethod", "classmethod")
    ]
    function.returns = None
    function.args = ast.arguments([], [], ast.arg("_"), [], [], ast.arg("__"), [])
    refusal = f"import {package}._withheld\n{package}._withheld.refuse({name!r})"
    function.body = ast.parse(refusal).body
