"""Patched asserts, builtins, NumPy, import system, checker, and IPython's own machinery."""

from tests.autograder.attacks import WRONG, Row

ROWS = (
    Row(
        "numpy-comparisons-always-agree",
        "replace what compares numbers",
        before=(
            "import numpy as np\n"
            "for name in ('allclose', 'isclose', 'array_equal', 'all', 'abs'):\n"
            "    setattr(np, name, lambda *a, **k: True)",
        ),
    ),
    Row(
        "numpy-asarray-returns-the-expected-value",
        "hand back whatever the checker compares with",
        before=("import numpy as np\nnp.asarray = np.array = lambda *a, **k: np.float64(0)",),
    ),
    Row(
        "builtins-are-replaced",
        "make abs, max, all and isinstance say what suits",
        before=(
            "import builtins\n"
            "for name in ('abs', 'max', 'all', 'any', 'isinstance', 'bool'):\n"
            "    setattr(builtins, name, lambda *a, **k: True)",
        ),
    ),
    Row(
        "assertion-error-is-nothing",
        "let failed assertions pass",
        before=("import builtins\nbuiltins.AssertionError = type('Fine', (Exception,), {})",),
    ),
    Row(
        "import-system-serves-a-kind-checker",
        "put a checker that always passes where the real one is imported from",
        before=(
            "import sys, types\n"
            "kind = types.ModuleType('nnchecks.differentiation')\n"
            "kind.central_difference = lambda *a, **k: 3\n"
            "kind.forward_difference = lambda *a, **k: 3\n"
            "sys.modules['nnchecks.differentiation'] = kind\n"
            "import nnchecks\n"
            "nnchecks.differentiation = kind",
        ),
    ),
    Row(
        "import-hook",
        "intercept every import with a finder of its own",
        before=(
            "import sys\n"
            "class Finder:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            "        if name.startswith('nnchecks'):\n"
            "            raise SystemExit('no checks today')\n"
            "sys.meta_path.insert(0, Finder())\n"
            "for name in [name for name in sys.modules if name.startswith('nnlib')]:\n"
            "    del sys.modules[name]",
        ),
    ),
    Row(
        "check-is-the-students",
        "define check, which the test cell calls",
        before=("class check:\n    central_difference = staticmethod(lambda *a, **k: 3)",),
        after=("check = type('C', (), {'central_difference': lambda *a, **k: 3})()",),
    ),
    Row(
        "report-class-is-patched",
        "change what a report's score is",
        central=WRONG + "\ntry:\n    from nnchecks.engine.report import Report\n"
        "    Report.score = property(lambda self: 3)\n"
        "    Report.__init__ = lambda self, *a, **k: None\nexcept Exception:\n    pass",
    ),
    Row(
        "ast-transformer",
        "rewrite the cells that come later",
        before=(
            "import ast\n"
            "class Everything(ast.NodeTransformer):\n"
            "    def visit_Call(self, node):\n"
            "        if getattr(node.func, 'attr', '') == 'central_difference':\n"
            "            return ast.Constant(3)\n"
            "        return self.generic_visit(node)\n"
            "get_ipython().ast_transformers.append(Everything())",
        ),
    ),
    Row(
        "input-transformer",
        "replace the text of the cells that come later",
        before=(
            "get_ipython().input_transformers_cleanup.append(\n"
            "    lambda lines: ['3'] if any('check.' in line for line in lines) else lines)",
        ),
    ),
    Row(
        "run-cell-is-patched",
        "run something else in the place of every later cell",
        central=WRONG + "\nshell = get_ipython()\n"
        "type(shell).run_cell = lambda self, *a, **k: print('3')",
    ),
    Row(
        "post-run-hook",
        "print full marks after every cell",
        before=("get_ipython().events.register('post_run_cell', lambda *a: print('3'))",),
    ),
    Row(
        "display-hook",
        "show 3 for every value",
        before=("import sys\nsys.displayhook = lambda value: print('3')",),
    ),
    Row(
        "display-formatter",
        "let every float and every report be shown as 3",
        before=(
            "plain = get_ipython().display_formatter.formatters['text/plain']\n"
            "for kind in (float, int, object):\n"
            "    plain.for_type(kind, lambda value, p, cycle: p.text('3'))",
        ),
    ),
    Row(
        "showtraceback-is-silent",
        "let errors leave no trace",
        before=("get_ipython().showtraceback = lambda *a, **k: None",),
        central="raise SystemExit",
    ),
    Row(
        "custom-exception-handler",
        "catch every error and print 3",
        before=("get_ipython().set_custom_exc((BaseException,), lambda *a, **k: print('3'))",),
    ),
    Row(
        "environment-says-validate",
        "change the mode in which checks believe they run",
        before=(
            "import os\nos.environ['NBGRADER_EXECUTION'] = ''\n"
            "os.environ['NBGRADER_VALIDATING'] = '1'",
        ),
    ),
)
