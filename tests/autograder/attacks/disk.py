"""Reading the tests, the gradebook, the neighbours; writing where nothing is to be written."""

from tests.autograder.attacks import CENTRAL, WRONG, Row

ROWS = (
    Row(
        "graders-file",
        "read a file of the grader",
        "try:\n    print('LEAK', open({secret!r}).read())\nexcept OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "tests-on-disk",
        "look for notebooks, gradebooks and tests on the disk",
        "import os\n"
        "for place, folders, names in os.walk('/'):\n"
        "    folders[:] = [n for n in folders if n not in ('proc', 'sys', 'dev')]\n"
        "    for name in names:\n"
        "        if name.endswith(('.ipynb', 'gradebook.db', 'submissions.py')):\n"
        "            if 'site-packages' not in place and '/usr/' not in place:\n"
        "                print('LEAK', place, name)\n"
        "    if place.count('/') > 5:\n        folders.clear()\n" + WRONG,
    ),
    Row(
        "environment",
        "look for secrets in the environment",
        "import os\n"
        "for name, value in os.environ.items():\n"
        "    if name.startswith(('NBGRADER', 'JUPYTER', 'GRADER', 'PYTEST', 'VIRTUAL')):\n"
        "        print('LEAK', name, value)\n" + WRONG,
    ),
    Row(
        "parent-process",
        "read the parent's memory and environment",
        "import os\n"
        "for number in ('1', str(os.getppid()), 'self'):\n"
        "    for name in ('environ', 'cmdline', 'maps', 'mem'):\n"
        "        try:\n            print('LEAK', open(f'/proc/{number}/{name}', 'rb').read(100))\n"
        "        except OSError:\n            pass\n" + WRONG,
    ),
    Row(
        "open-descriptors",
        "find other open files",
        "import gc, os, stat\n"
        "servers = [one for one in gc.get_objects() if type(one).__name__ == 'Server']\n"
        "mine = [one.channel.end.fileno() for one in servers]\n"
        "for number in set(range(3, 200)) - set(mine):\n"
        "    try:\n"
        "        if not stat.S_ISREG(os.fstat(number).st_mode): print('LEAK', number)\n"
        "        os.write(number, b'x'); print('LEAK', number)\n"
        "    except OSError:\n        pass\n" + WRONG,
    ),
    Row(
        "writes-outside",
        "write into the system and beside the library",
        "import os, nnlib, sys\n"
        "for place in ('/usr', '/etc', '/', os.path.dirname(nnlib.__file__), sys.prefix,\n"
        "              os.path.dirname({secret!r}), '/dev/shm', '/var/tmp'):\n"
        "    try:\n        open(place + '/mine', 'w').write('x'); print('LEAK', place)\n"
        "    except OSError:\n        pass\n" + WRONG,
    ),
    Row(
        "leaves-something-for-the-next",
        "leave a file and a module for the next student, and look for the last one's",
        "import os, sys\n"
        "for place in ('/tmp', '.', os.path.expanduser('~')):\n"
        "    path = os.path.join(place, 'left-behind')\n"
        "    if os.path.exists(path) or hasattr(sys, 'left_behind'):\n"
        "        print('LEAK', path)\n"
        "for place in ('/tmp', '.', os.path.expanduser('~')):\n"
        "    try:\n        open(os.path.join(place, 'left-behind'), 'w').write('x')\n"
        "    except OSError:\n        pass\n"
        "sys.left_behind = True\n" + WRONG,
    ),
    Row(
        "symbolic-link",
        "read a link to a file of the grader",
        "import os\nos.symlink({secret!r}, 'link')\n"
        "try:\n    print('LEAK', open('link').read())\nexcept OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "own-numpy",
        "shadow NumPy with a file beside the notebook",
        files={"numpy.py": "raise SystemExit('shadowed')", "nnlib.py": "x = 1", "json.py": "x = 1"},
    ),
    Row(
        "disk-filler",
        "fill the disk",
        "try:\n"
        "    for n in range(1000):\n"
        "        open(f'f{n}', 'wb').write(bytes(10**6))\n"
        "    print('LEAK', n)\nexcept OSError:\n    pass\n" + WRONG,
    ),
    Row(
        "helper-module",
        "nothing: uses a module that lies beside the notebook",
        "from helper import half_way\n" + CENTRAL.replace("(2 * h)", "half_way(h)"),
        files={"helper.py": "def half_way(h):\n    return 2 * h"},
        marks=(3, 3),
    ),
    Row(
        "data-file",
        "nothing: writes a file and reads it again",
        "open('numbers.txt', 'w').write('2')\n"
        + CENTRAL.replace("(2 * h)", "(int(open('numbers.txt').read()) * h)"),
        marks=(3, 3),
    ),
    Row(
        "modes-owners-and-times",
        "change modes, owners, times, lengths and attributes of what the grader runs",
        "import os, sys, ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "paths = (sys.modules['autograder'].__file__, os.__file__, {secret!r}, sys.executable)\n"
        "for path in paths:\n"
        "    tries = (\n"
        "        lambda: os.chmod(path, 0o777),\n"
        "        lambda: os.chown(path, os.getuid(), os.getgid()),\n"
        "        lambda: os.utime(path, (0, 0)),\n"
        "        lambda: os.truncate(path, 0),\n"
        "        lambda: os.setxattr(path, 'user.x', b'x'),\n"
        "        lambda: os.link(path, 'mine'),\n"
        "        lambda: os.fchmod(os.open(path, os.O_RDONLY), 0o777),\n"
        "    )\n"
        "    for number, one in enumerate(tries):\n"
        "        try:\n            one(); print('LEAK', number, path)\n"
        "        except OSError:\n            pass\n"
        "    flags = ctypes.c_long(0x80)\n"
        "    if path != {secret!r}:\n"
        "        number = os.open(path, os.O_RDONLY)\n"
        "        if libc.ioctl(number, 0x40086602, ctypes.byref(flags)) == 0: print('LEAK ioctl')\n"
        + WRONG,
    ),
    Row(
        "signals-through-a-descriptor",
        "let the kernel send signals to others, and outlive whoever has started it",
        "import ctypes, fcntl, os, socket\n"
        "here, there = socket.socketpair()\n"
        "for call in (fcntl.F_SETOWN, 10, 15):\n"
        "    try:\n        fcntl.fcntl(here, call, 1); print('LEAK', call)\n"
        "    except OSError:\n        pass\n"
        "if ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0: print('LEAK prctl')\n" + WRONG,
    ),
    Row(
        "becomes-somebody-else",
        "change the user, and take rights back",
        "import os\n"
        "for call in (os.setuid, os.setgid):\n"
        "    for number in (0, 1, os.getuid()):\n"
        "        try:\n            call(number); print('LEAK', number)\n"
        "        except OSError:\n            pass\n" + WRONG,
    ),
)
