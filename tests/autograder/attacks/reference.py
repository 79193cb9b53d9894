"""Importing, copying, unpickling or looking up the right answer."""

from tests.autograder.attacks import CENTRAL, WRONG, Row

ROWS = (
    Row(
        "imported",
        "hand in the book's own function",
        "from nnlib.differentiation import central_difference",
    ),
    Row(
        "imported-under-another-name",
        "wrap the book's own function",
        "import nnlib.differentiation as d\n"
        "def central_difference(f, x, h=1e-5):\n    return d.central_difference(f, x, h)",
    ),
    Row(
        "caught-refusal",
        "call the book's function and hide that it refused",
        "import nnlib.differentiation as d\n"
        "def central_difference(f, x, h=1e-5):\n"
        "    try:\n        return d.central_difference(f, x, h)\n"
        "    except Exception:\n        return (f(x + h) - f(x - h)) / (2 * h)",
    ),
    Row(
        "copied-code-object",
        "take the code out of the book's function",
        "import types, nnlib.differentiation as d\n"
        "code = d.central_difference.__code__\n"
        "central_difference = types.FunctionType(code, vars(d))",
    ),
    Row(
        "source-from-disk",
        "read the book's source and run it",
        "import inspect, nnlib.differentiation as d\n"
        "source = open(d.__file__).read()\n"
        "space = {'__name__': 'mine'}\nexec(source, space)\n"
        "central_difference = space['central_difference']\n"
        "try:\n    central_difference(lambda x: x**2, 1.0); print('LEAK it answers')\n"
        "except Exception:\n    pass",
    ),
    Row(
        "checks-know-it",
        "find the answer among the checks",
        "from nnchecks import differentiation as c\n"
        "if any('refuse' not in str(v) for v in vars(c).values() if callable(v)):\n"
        "    print([k for k in vars(c)])\n"
        "for name in ('reference', '_quotient', '_along'):\n"
        "    if name in vars(c):\n        print('LEAK', name)\n" + WRONG,
    ),
    Row(
        "another-copy-on-the-disk",
        "search the disk for the library in full",
        "import os\n"
        "for top in ('/', os.path.dirname({secret!r})):\n"
        "    for place, folders, names in os.walk(top):\n"
        "        folders[:] = [n for n in folders if n not in ('proc', 'sys')]\n"
        "        if 'nnlib' in folders:\n"
        "            path = os.path.join(place, 'nnlib', 'differentiation.py')\n"
        "            try:\n                text = open(path).read()\n"
        "            except OSError:\n                continue\n"
        "            if 'f(x + h) - f(x - h)' in text or '2 * h' in text:\n"
        "                print('LEAK', path)\n"
        "        if place.count('/') > 6:\n            folders.clear()\n" + WRONG,
    ),
    Row(
        "a-library-that-happens-to-be-there",
        "let SciPy or autograd answer",
        "import importlib, sys\n"
        "for name in ('scipy', 'scipy.differentiate', 'autograd', 'hypothesis', 'distributed'):\n"
        "    try:\n        importlib.import_module(name); print('LEAK', name)\n"
        "    except ModuleNotFoundError as error:\n        print(error)\n"
        "from scipy.differentiate import derivative\n"
        "def central_difference(f, x, h=1e-5):\n    return derivative(f, x).df",
        shows=("the course does not install it",),
    ),
    Row(
        "a-library-read-as-a-file",
        "take away what refuses the import, and read the files",
        "import glob, os, sys\n"
        "sys.meta_path[:] = [one for one in sys.meta_path if 'Kept' not in type(one).__name__]\n"
        "sys.path_importer_cache.clear()\n"
        "try:\n    import scipy; scipy.__file__ and print('LEAK')\n"
        "except (ImportError, OSError):\n    pass\n"
        "roots = [p for p in sys.path if p.endswith('-packages')]\n"
        "roots += [os.path.join(sys.base_prefix, 'lib'), '/usr/lib/python3', '/usr/local/lib']\n"
        "for root in roots:\n"
        "    for name in ('scipy', 'autograd', 'hypothesis', 'nnlib', 'pip', 'pytest'):\n"
        "        for end in ('', 'python3*/site-packages/', 'dist-packages/'):\n"
        "            for path in glob.glob(f'{root}/{end}{name}/__init__.py'):\n"
        "                try:\n                    open(path).read(); print('LEAK', path)\n"
        "                except OSError:\n                    pass\n" + WRONG,
    ),
    Row(
        "what-the-handout-installs",
        "nothing: imports what students have",
        "import matplotlib, PIL, ipykernel, IPython.display, jupytext, nbformat, requests\n"
        "import sqlite3, yaml\n" + CENTRAL,
        marks=(3, 3),
    ),
    Row(
        "unpickled",
        "send a pickle that runs when it is opened",
        "import pickle, numpy as np\n"
        "class Bomb:\n    def __reduce__(self):\n"
        '        return (eval, (\'__import__("os").environ.__setitem__("LEAK", "1")\',))\n'
        "def central_difference(f, x, h=1e-5):\n"
        "    return np.frombuffer(pickle.dumps(Bomb()), dtype=np.uint8)",
    ),
    Row(
        "arguments-are-searched",
        "find the answer in the closure of the function that is passed in",
        "def central_difference(f, x, h=1e-5):\n"
        "    for cell in getattr(f, '__closure__', None) or ():\n"
        "        print('LEAK', cell)\n"
        "    for name in ('derivative', '__globals__', '__code__', '__wrapped__'):\n"
        "        if hasattr(f, name):\n"
        "            raise ValueError('LEAK ' + name)\n"
        "    return 42.0",
    ),
    Row(
        "stack-frames",
        "find the expected value in the frames of the caller",
        "import sys\n"
        "def central_difference(f, x, h=1e-5):\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        for name in ('expected', 'case', 'wanted', 'pairs', 'rounds'):\n"
        "            if name in frame.f_locals:\n"
        "                raise ValueError('LEAK ' + name)\n"
        "        frame = frame.f_back\n"
        "    return 42.0",
    ),
    Row(
        "garbage-collector",
        "find reports and cases among all objects",
        "import gc\n"
        "def central_difference(f, x, h=1e-5):\n"
        "    for one in gc.get_objects():\n"
        "        if type(one).__name__ in ('Case', 'Report', 'Property', 'Exercise', 'Examiner'):\n"
        "            raise ValueError('LEAK ' + type(one).__name__)\n"
        "    return 42.0",
    ),
)
