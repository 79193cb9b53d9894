"""Network, other processes, endless and greedy code, and code that ends its own process."""

from tests.autograder.attacks import CENTRAL, FORWARD, WRONG, Row

ROWS = (
    Row(
        "loopback",
        "talk to a server on this machine",
        "import socket\n"
        "try:\n    socket.create_connection(('127.0.0.1', {port}), 1); print('LEAK')\n"
        "except OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "datagram",
        "send a datagram to a server on this machine",
        "import socket\n"
        "try:\n    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "    s.sendto(b'x', ('127.0.0.1', {port})); print('LEAK')\n"
        "except OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "subprocess",
        "start a program",
        "import subprocess\n"
        "try:\n    print('LEAK', subprocess.run(['id'], capture_output=True).stdout)\n"
        "except OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "shell-magic",
        "start a program with a magic",
        "!echo LEAK$((1+1))\n" + WRONG,
    ),
    Row(
        "survivor",
        "leave a process behind",
        "import os, time\n"
        "try:\n"
        "    if os.fork() == 0:\n        time.sleep(60); os._exit(0)\n"
        "    print('LEAK')\n"
        "except OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "fork-bomb",
        "fork until nothing is left (a hundred times at most)",
        "import os\n"
        "for _ in range(100):\n"
        "    try:\n        if os.fork() == 0: os._exit(0)\n        print('LEAK'); break\n"
        "    except OSError:\n        pass\n" + WRONG,
    ),
    Row(
        "kills-others",
        "send signals to every process",
        "import os, signal\n"
        "for number in (-1, 0, 1, 2, os.getppid()):\n"
        "    if number != os.getpid():\n"
        "        try:\n            os.kill(number, signal.SIGTERM)\n"
        "        except OSError:\n            pass\n" + WRONG,
    ),
    Row(
        "traces-the-parent",
        "attach to another process",
        "import ctypes, os\n"
        "if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0:\n    print('LEAK')\n" + WRONG,
    ),
    Row(
        "new-namespaces",
        "become somebody else in a namespace of its own",
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "if libc.unshare(0x10000000) == 0 or libc.mount(b'n', b'/usr', b'tmpfs', 0, None) == 0:\n"
        "    print('LEAK')\n" + WRONG,
    ),
    Row(
        "threads-left-running",
        "leave threads that change the answer later",
        "import threading, builtins\n"
        "def meddle():\n    while True:\n        builtins.meddled = True\n"
        "for _ in range(3):\n    threading.Thread(target=meddle, daemon=True).start()\n" + WRONG,
    ),
    Row(
        "thread-bomb",
        "start threads until nothing is left (ten thousand at most)",
        "import threading, time\n"
        "event = threading.Event()\n"
        "try:\n"
        "    for n in range(10000):\n"
        "        threading.Thread(target=event.wait, daemon=True).start()\n"
        "    print('LEAK')\n"
        "except (RuntimeError, MemoryError):\n    event.set()\n" + WRONG,
    ),
    Row(
        "memory-bomb",
        "take more memory than there is (four gigabytes at most)",
        "import numpy as np\n"
        "try:\n"
        "    taken = [np.ones(2**25) for _ in range(16)]; print('LEAK')\n"
        "except MemoryError:\n    taken = None\n" + WRONG,
    ),
    Row(
        "memory-in-a-call",
        "take more memory than there is while being checked",
        "import numpy as np\ndef central_difference(f, x, h=1e-5):\n    return np.ones(10**10)",
    ),
    Row("endless-cell", "never end", after=("while True:\n    pass",)),
    Row(
        "endless-call",
        "never answer",
        "def central_difference(f, x, h=1e-5):\n    while True:\n        pass",
    ),
    Row(
        "endless-and-deaf",
        "never answer, and swallow every interrupt",
        "def central_difference(f, x, h=1e-5):\n"
        "    while True:\n        try:\n            while True:\n                pass\n"
        "        except BaseException:\n            pass",
    ),
    Row(
        "recursion",
        "recurse without end",
        "def central_difference(f, x, h=1e-5):\n    return central_difference(f, x, h)",
    ),
    Row(
        "ends-the-process-in-a-cell",
        "end the process after the right answer",
        CENTRAL,
        after=("import os\nos._exit(0)",),
        marks=(3, 3),
    ),
    Row(
        "ends-the-process-before-the-answer",
        "end the process in a cell before",
        CENTRAL,
        before=("import os\nos._exit(0)",),
        marks=(3, 3),
    ),
    Row(
        "ends-the-process-in-a-call",
        "end the process instead of answering",
        "import os\ndef central_difference(f, x, h=1e-5):\n    os._exit(0)",
    ),
    Row(
        "crashes-the-interpreter",
        "read memory that is not there",
        "import ctypes\ndef central_difference(f, x, h=1e-5):\n    ctypes.string_at(1)",
    ),
    Row(
        "exits-in-a-call",
        "call sys.exit instead of answering",
        "import sys\ndef central_difference(f, x, h=1e-5):\n    sys.exit(0)",
    ),
    Row(
        "input",
        "wait for somebody to type",
        "def central_difference(f, x, h=1e-5):\n    return float(input())",
    ),
    Row(
        "exit-at-the-start-of-an-answer",
        "nothing: calls exit() in its own cells, before, in and after an answer",
        f"exit()\n{CENTRAL}\nquit()",
        before=("exit()", "exit"),
        after=("quit()",),
        marks=(3, 3),
        shows=("exit() was passed over",),
    ),
    Row(
        "system-exit",
        "nothing: ends its own cells",
        f"{CENTRAL}\nimport sys\nsys.exit()",
        before=("raise SystemExit('done')",),
        after=("sys.exit(1)",),
        marks=(3, 3),
        shows=("the cells below it were run all the same",),
    ),
    Row(
        "asks-in-a-cell",
        "nothing: asks for a value, in each of the usual ways",
        f"{CENTRAL}\nx = input('x? ')",
        before=("import sys\nint(sys.stdin.readline())", "import getpass\ngetpass.getpass()"),
        after=("import sys\nfor line in sys.stdin: pass",),
        marks=(3, 3),
        shows=("nobody is there to answer input()",),
    ),
    Row(
        "asks-in-a-call",
        "nothing: asks for the step",
        CENTRAL.replace("    return", "    h = float(input('h? '))\n    return"),
        shows=("nobody is there to answer input()", "let the function take it as an argument"),
    ),
    Row(
        "exits-in-each-call",
        "nothing: ends a right function with exit()",
        CENTRAL.replace("    return", "    exit()\n    return"),
        marks=(3, 3),
    ),
    Row(
        "closed-stdout",
        "close stdout and stderr",
        "import sys\nsys.stdout.close(); sys.stderr.close()\n" + CENTRAL,
        marks=(3, 3),
    ),
    Row(
        "hundred-megabytes-of-output",
        "drown the notebook in output",
        "for _ in range(100):\n    print('x' * 10**6)\n" + CENTRAL,
        marks=(3, 3),
        shows=("the rest of this output was cut off",),
    ),
    Row(
        "calls-back-and-forth",
        "let the judge call the student who calls the judge",
        "def central_difference(f, x, h=1e-5):\n"
        "    class Loop:\n"
        "        def __add__(self, other): return f(self)\n"
        "        __radd__ = __mul__ = __rmul__ = __pow__ = __sub__ = __rsub__ = __add__\n"
        "    return f(Loop())",
    ),
    Row(
        "changed-random-state",
        "nothing much: seeds and draws, and turns warnings into errors",
        "import numpy as np, random, warnings\n"
        "np.random.seed(0); random.seed(0); np.seterr(all='raise')\n"
        "warnings.simplefilter('error')\n" + CENTRAL,
        marks=(3, 3),
    ),
    Row(
        "deleted-name",
        "delete the other answer",
        CENTRAL + "\ndel forward_difference",
        marks=(3, 3),  # the other check had been run by then
    ),
    Row(
        "warning-on-stderr",
        "nothing: prints, warns, and shows a progress bar",
        "import sys, warnings\n"
        "warnings.warn('careful')\nprint('a word', file=sys.stderr)\n"
        "for n in range(3):\n    print(f'\\r{{n}}', end='', file=sys.stderr)\n" + CENTRAL,
        marks=(3, 3),
        shows=("careful", "a word"),
    ),
    Row(
        "calls-the-check-itself",
        "nothing: calls the check in a cell of its own and uses what comes after",
        "from nnchecks import differentiation as mine\n"
        "mine.central_difference(lambda f, x, h=1e-5: 0.0).score\n" + CENTRAL,
        marks=(3, 3),
    ),
    Row(
        "magics-and-figures",
        "nothing: uses magics and displays as notebooks do",
        "%matplotlib inline\n%time 1 + 1\nimport matplotlib.pyplot as plt\n"
        "plt.plot([1, 2]); plt.show()\ndisplay('shown')\n" + CENTRAL,
        marks=(3, 3),
        shows=("image/png", "shown"),
    ),
    Row(
        "syntax-error-elsewhere",
        "nothing: a cell at the end that does not parse",
        CENTRAL,
        after=("def (",),
        marks=(3, 3),
        shows=("SyntaxError",),
        forward=FORWARD,
    ),
)
