"""Forged messages on the channel, forged scores, and pages that act in an instructor's browser."""

from tests.autograder.attacks import CENTRAL, WRONG, Row

FIND_CHANNEL = (
    "import gc, json, socket, struct\n"
    "server = next(one for one in gc.get_objects() if type(one).__name__ == 'Server')\n"
    "end = server.channel.end\n"
    "def send(header, blobs=b''):\n"
    "    text = json.dumps(header).encode()\n"
    "    end.sendall(struct.pack('!II', len(text) + len(blobs), len(text)) + text + blobs)\n"
)

ROWS = (
    Row(
        "score-in-a-message",
        "send a score with every answer",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    send({{'op': 'score', 'score': 3, 'marks': {{'test_central_difference': 3}}}})\n"
        "    return 42.0",
    ),
    Row(
        "answers-in-advance",
        "send many answers before they are asked for",
        FIND_CHANNEL + WRONG + "\nfor _ in range(100):\n"
        "    send({{'op': 'value', 'value': 3, 'changed': [[0, 3]]}})",
        marks=(3, 0),
    ),
    Row(
        "garbage",
        "send bytes that are no message",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n    end.sendall(b'\\xff' * 1000)\n"
        "    return 42.0",
    ),
    Row(
        "endless-message",
        "announce four gigabytes",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    end.sendall(struct.pack('!II', 2**32 - 1, 10))\n    return 42.0",
    ),
    Row(
        "bad-array",
        "send an array whose shape does not fit its bytes",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    array = {{'a': ['<f8', [10**9], 0]}}\n"
        "    send({{'op': 'value', 'value': array, 'blobs': [8]}}, bytes(8))\n"
        "    return 42.0",
    ),
    Row(
        "array-of-pickles",
        "send an array of objects",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    send({{'op': 'value', 'value': {{'a': ['|O', [1], 0]}}, 'blobs': [8]}}, bytes(8))\n"
        "    return 42.0",
    ),
    Row(
        "deep-message",
        "send JSON that is nested too deep to read",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    text = b'[' * 10**6\n"
        "    end.sendall(struct.pack('!II', len(text), len(text)) + text)\n    return 42.0",
    ),
    Row(
        "judges-other-functions",
        "call functions of the judge that were not passed in",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    for number in (0, 1, 2, 'eval', None, id(f)):\n"
        "        try:\n"
        "            raise ValueError('LEAK ' + str(server.ask(number, (1.0,), {{}})))\n"
        "        except (KeyError, TypeError, RuntimeError):\n            pass\n"
        "    return 42.0",
    ),
    Row(
        "attributes-of-the-judges-functions",
        "send calls that name attributes of the judge's objects",
        FIND_CHANNEL + "def central_difference(f, x, h=1e-5):\n"
        "    send({{'op': 'back', 'h': f.number, 'name': '__globals__', 'args': 'x', 'kw': 7}})\n"
        "    header, _ = server.channel.receive()\n"
        "    if header['op'] != 'error':\n        raise ValueError('LEAK')\n    return 42.0",
    ),
    Row(
        "html-output",
        "show a page that runs a script",
        "from IPython.display import HTML, Javascript, Markdown, SVG, display\n"
        "display(HTML('<script>alert(\"LEAK\".length)</script><img src=x onerror=alert(1)>'))\n"
        "display(Javascript('alert(1)'))\n"
        'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>\'))\n'
        "display(Markdown('[x](javascript:alert(1)) <iframe src=\"https://example.org\"></iframe>'))\n"
        + CENTRAL,
        marks=(3, 3),
    ),
    Row(
        "prints-a-score",
        "print full marks",
        "print('3'); print(3.0)\n" + WRONG + "\n214",
    ),
    Row(
        "answer-is-the-points",
        "let the function itself be a number of points",
        "central_difference = 3",
    ),
)
