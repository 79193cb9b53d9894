"""Objects that lie about what they are, and answers that are no numbers."""

from tests.autograder.attacks import CENTRAL, Row


def returns(value: str, before: str = "") -> str:
    """Return an answer cell whose function returns something."""
    return f"{before}\ndef central_difference(f, x, h=1e-5):\n    return {value}"


EVERYTHING = """\
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 1
    def __bool__(self): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __array__(self, *a, **k): return __import__('numpy').zeros(())
    def __array_ufunc__(self, *a, **k): return True
"""

ROWS = (
    Row("equal-to-everything", "agree with any number", returns("Everything()", EVERYTHING)),
    Row(
        "array-subclass-equal-to-everything",
        "be an array that agrees with any other",
        returns(
            "np.zeros(np.shape(x)).view(Equal)",
            "import numpy as np\nclass Equal(np.ndarray):\n"
            "    def __array_ufunc__(self, *a, **k): return np.True_\n"
            "    def __sub__(self, other): return np.zeros(())\n"
            "    __rsub__ = __sub__\n"
            "    def __eq__(self, other): return True",
        ),
    ),
    Row(
        "float-subclass",
        "be a float with arithmetic of its own",
        returns(
            "Zero(0)",
            "class Zero(float):\n    def __sub__(self, other): return 0.0\n"
            "    __rsub__ = __sub__\n    def __abs__(self): return 0.0",
        ),
    ),
    Row(
        "class-says-float",
        "claim to be a float",
        returns(
            "Liar()",
            "class Liar:\n    __class__ = float\n    def __float__(self): return 0.0\n"
            "    def __array__(self, *a, **k): raise KeyboardInterrupt",
        ),
    ),
    Row(
        "changes-with-every-look",
        "give another number each time it is asked",
        returns(
            "Turning()",
            "import itertools\nclass Turning:\n    numbers = itertools.count()\n"
            "    def __float__(self): return float(next(self.numbers))\n"
            "    def __array__(self, *a, **k): return __import__('numpy').float64(float(self))",
        ),
    ),
    Row("nan", "be not comparable", returns("float('nan')")),
    Row("infinity", "be larger than every tolerance", returns("float('inf')")),
    Row("text", "be text that looks like a number", returns("'0.0'")),
    Row("generator", "be a generator", returns("(n for n in [1.0])")),
    Row("nothing", "return nothing", returns("None")),
    Row(
        "list-in-itself",
        "be a list that holds itself",
        returns("again", "again = []\nagain.append(again)"),
    ),
    Row(
        "deep-list",
        "be nested without end",
        returns("deep", "deep = 1.0\nfor _ in range(100000):\n    deep = [deep]"),
    ),
    Row(
        "array-of-objects",
        "be an array of objects with comparisons of their own",
        returns("np.array([Everything()] * 3, dtype=object)", "import numpy as np\n" + EVERYTHING),
    ),
    Row(
        "thousand-million-elements",
        "be an array that takes no memory here and all of it there",
        returns("np.broadcast_to(1.0, (10**9,))", "import numpy as np"),
    ),
    Row("huge-integer", "be a number with a million digits", returns("10**1000000")),
    Row("huge-text", "be a gigabyte of text", returns("'x' * 10**8")),
    Row("surrogate", "be text that cannot be written", returns("chr(0xD800)")),
    Row(
        "function-is-an-object-with-hostile-attributes",
        "be callable, and raise whatever is asked of it",
        "class Hostile:\n"
        "    def __call__(self, *a, **k): return 0.0\n"
        "    def __getattribute__(self, name): raise SystemExit(name)\n"
        "    def __repr__(self): raise KeyboardInterrupt\n"
        "central_difference = Hostile()",
    ),
    Row(
        "exception-with-hostile-text",
        "raise something whose text raises",
        "class Bad(Exception):\n    def __str__(self): raise SystemExit\n"
        "def central_difference(f, x, h=1e-5):\n    raise Bad",
    ),
    Row(
        "exception-named-like-ours",
        "end the test with an exception that means success somewhere",
        "class CheckPassed(BaseException):\n    score = 3\n"
        "def central_difference(f, x, h=1e-5):\n    raise CheckPassed",
    ),
    Row(
        "honest-float-subclass",
        "nothing: returns NumPy's own float, which is a subclass",
        CENTRAL.replace("return ", "return np.float64(1) * "),
        marks=(3, 3),
    ),
)
