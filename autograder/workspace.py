"""Runs a student's cells as Jupyter would, and answers the judge's questions about what they made.

This runs in the jail, in the same process as the student's code: nothing here is safe from it, and
nothing here decides a mark. What leaves by the channel is what the judge would have to believe of
any stranger: data that claims to be a function's answer.
"""

import builtins
import contextlib
import dis
import gc
import importlib
import io
import math
import operator
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograder import confine
from autograder.channel import Channel, ChannelError, Closed, Reader, Writer

#: Seconds of processor time from one reminder that time is up to the next: code may swallow one.
_AGAIN = 0.25
_CUT = "\n… the rest of this output was cut off: more than {} bytes.\n"
_MESSAGE = 500
_MOST_LABELS = 2000


class OutOfTime(BaseException):
    """A cell or a call took longer than it may."""


# --- the shell ------------------------------------------------------------------------------------


class Outputs:
    """What one cell shows, in order and up to a size.

    Examples
    --------
    >>> outputs = Outputs(10)
    >>> outputs.write("stdout", "one "), outputs.write("stdout", "two")
    (None, None)
    >>> outputs.taken()
    [{'output_type': 'stream', 'name': 'stdout', 'text': 'one two'}]
    """

    def __init__(self, size: int) -> None:
        self.size = self.left = size
        self.shown: list[dict[str, Any]] = []
        self.named: dict[str, dict[str, Any]] = {}
        self.to_be_cleared = False

    def write(self, name: str, text: str) -> None:
        """Add to a stream."""
        if not self._room(len(text.encode("utf-8", "replace"))):
            text = text.encode("utf-8", "replace")[: max(0, self.left)].decode("utf-8", "ignore")
            self.left = -1
            text += _CUT.format(self.size)
        elif self.left < 0:
            return
        last = self.shown[-1] if self.shown else {}
        if last.get("name") == name:
            last["parts"].append(text)
        else:
            self.shown.append({"output_type": "stream", "name": name, "parts": [text]})

    def show(self, output: dict[str, Any], name: str | None = None, update: bool = False) -> None:
        """Add an output that is no stream, or put it in an earlier one's place."""
        size = sum(len(str(one)) for one in output.get("data", {}).values())
        if self.left < 0:
            return
        if not self._room(size):
            self.left = -1
            self.shown.append(
                {"output_type": "stream", "name": "stdout", "parts": [_CUT.format(self.size)]}
            )
            return
        if update:
            if name in self.named:
                self.named[name].update(data=output["data"], metadata=output["metadata"])
            return
        self.shown.append(output)
        if name is not None:
            self.named[name] = output

    def clear(self, wait: bool = False) -> None:
        """Take everything away, now or when something new comes."""
        if wait:
            self.to_be_cleared = True
        else:
            self.shown.clear()
            self.to_be_cleared = False

    def taken(self) -> list[dict[str, Any]]:
        """Return the outputs as a notebook keeps them."""
        return [
            {"output_type": "stream", "name": one["name"], "text": "".join(one["parts"])}
            if one["output_type"] == "stream"
            else one
            for one in self.shown
        ]

    def _room(self, size: int) -> bool:
        if self.to_be_cleared:
            self.clear()
        if self.left < 0:
            return True
        if size > self.left:
            return False
        self.left -= size
        return True


class Stream(io.TextIOBase):
    """What a cell has for stdout or stderr."""

    encoding = "utf-8"

    def __init__(self, name: str) -> None:
        self.stream = name

    def write(self, text: str) -> int:
        """Add text to the outputs of the cell that runs."""
        if self.closed:
            raise ValueError("I/O operation on closed file")
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        _now().write(self.stream, text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True


_OUTPUTS: list[Outputs] = []
_SHELL: list[Any] = []


def _now() -> Outputs:
    """Return the outputs of the cell that runs."""
    return _OUTPUTS[-1] if _OUTPUTS else Outputs(1)


def _make_shell() -> Any:
    """Return IPython's shell with displays that are collected, and without a history file."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(
            self,
            data: Any,
            metadata: Any = None,
            source: Any = None,
            *,
            transient: Any = None,
            update: bool = False,
            **_: Any,
        ) -> None:
            output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
            _now().show(output, (transient or {}).get("display_id"), update)

        def clear_output(self, wait: bool = False) -> None:
            _now().clear(wait)

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            _now().show(
                {
                    "output_type": "execute_result",
                    "execution_count": self.prompt_count,
                    "data": format_dict,
                    "metadata": md_dict or {},
                }
            )

        def finish_displayhook(self) -> None:
            pass

    class Shell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)
        colors_force = True

        def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
            _now().show(
                {
                    "output_type": "error",
                    "ename": str(getattr(etype, "__name__", etype)),
                    "evalue": _text(evalue),
                    "traceback": [str(line) for line in stb],
                }
            )

        def showtraceback(self, *arguments: Any, **keywords: Any) -> None:
            # Only the cell ends, and neither a traceback nor IPython's advice would say so.
            if sys.exc_info()[0] is SystemExit:
                self._showtraceback(SystemExit, _ENDED, [f"SystemExit: {_ENDED}"])
            else:
                super().showtraceback(*arguments, **keywords)

        def ask_exit(self) -> None:
            # In Jupyter as well the cell goes on after exit().
            _now().write("stderr", f"{_PASSED_OVER}\n")

        def enable_gui(self, gui: Any = None) -> None:
            pass

        def enable_matplotlib(self, gui: Any = None) -> Any:
            # Whatever window a cell asks for.
            return super().enable_matplotlib("inline")  # type: ignore[no-untyped-call]

        def init_virtualenv(self) -> None:
            pass

    config = Config()
    config.HistoryManager.enabled = False
    os.environ.setdefault("IPYTHONDIR", os.path.join(os.environ["HOME"], "ipython"))
    return Shell.instance(config=config)


_ENDED = "this cell was ended here by your own program; the cells below it were run all the same"
_PASSED_OVER = "exit() was passed over, so that the rest of the notebook counts: take it out"
_NOBODY = (
    "nobody is there to answer input() while your work is graded: write the value into the cell, "
    "or let the function take it as an argument"
)


def _no_input(*_: Any) -> Any:
    raise EOFError(_NOBODY)


class _Nobody(io.TextIOBase):
    """What a cell has for stdin."""

    def readable(self) -> bool:
        return True

    read = readline = __next__ = _no_input


def warm_up(modules: Sequence[str] = ()) -> None:
    """Import and run once, before the first fork, whatever takes long the first time.

    Parameters
    ----------
    modules : sequence of str
        What the notebook imports; a name that is no module is passed over.
    """
    import matplotlib.pyplot as plt
    import numpy as np

    shell = _make_shell()
    _SHELL.append(shell)
    shell.enable_matplotlib("inline")
    builtins.input = _no_input
    sys.stdin = _Nobody()
    warnings.filterwarnings("ignore", "To exit: use", UserWarning)
    _show_figures_as_png()
    _remember_more_labels()
    for source in (
        # Reading the labels of a logarithmic axis takes most of a figure's time; each is read once.
        "import matplotlib.pyplot as plt\nplt.loglog([1e-17, 1e3], [1e-17, 1e3], label='a')\n"
        "plt.xticks([10.0**n for n in range(-17, 4)])\nplt.legend()\nplt.title('a')\n"
        "plt.xlabel('a')\nplt.ylabel('a')\nplt.show()\nplt.plot([-1, 1], [-1, 1])\nplt.show()",
        "import asyncio, random, math, statistics\n1 / 0",
        "display(1)",
    ):
        _run(source, Outputs(1 << 20))
    plt.close("all")
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    np.random.default_rng(1).normal()
    shell.reset(new_session=True)
    shell.execution_count = 1
    gc.collect()
    gc.freeze()


def _show_figures_as_png() -> None:
    """Let every figure be a PNG in the page: who marks may see no other kind, and no window."""
    import matplotlib
    import matplotlib.pyplot as plt
    from IPython.core import pylabtools
    from matplotlib.figure import Figure
    from matplotlib_inline import backend_inline

    own: Any = pylabtools.select_figure_formats
    taken = ("bbox_inches", "dpi", "facecolor", "pad_inches")

    def select(shell: Any, formats: Any, **settings: Any) -> None:
        asked = {formats} if isinstance(formats, str) else set(formats)
        kinds = asked & {"retina", "png2x"} or {"png"}
        own(shell, kinds, **{name: settings[name] for name in taken if name in settings})
        formatter = shell.display_formatter.formatters["image/png"]
        drawn = formatter.lookup_by_type(Figure)

        def with_words(figure: Any) -> Any:
            found = drawn(figure)
            picture, about = found if isinstance(found, tuple) else (found, {})
            return picture, {**about, "alt": _described(figure)}

        formatter.for_type(Figure, with_words)

    select(_SHELL[0], "png", bbox_inches="tight")
    for module, name, stand_in in (
        (pylabtools, "select_figure_formats", select),
        (backend_inline, "select_figure_formats", select),
        (matplotlib, "use", lambda *_, **__: None),
        (plt, "switch_backend", lambda *_, **__: None),
    ):
        setattr(module, name, stand_in)


def _described(figure: Any) -> str:
    """Return what a figure's own words say, for those who do not see it."""
    said = []
    for axes in figure.axes:
        curves = [_text(line.get_label()) for line in axes.get_lines()]
        words = {
            "titled": axes.get_title(),
            "across": axes.get_xlabel(),
            "upwards": axes.get_ylabel(),
            "curves": ", ".join(name for name in curves if not name.startswith("_")),
        }
        said.append("; ".join(f"{name} {_text(text)}" for name, text in words.items() if text))
    return f"A figure: {' | '.join(one or 'without words' for one in said) or 'empty'}."


def _remember_more_labels() -> None:
    """Let Matplotlib keep the labels that it has read from one figure to the next.

    Its own memory belongs to one figure, and reading takes longer than drawing. Where a version of
    Matplotlib has no such place, nothing is changed.
    """
    from matplotlib.mathtext import MathTextParser

    own = getattr(getattr(MathTextParser, "_parse_cached", None), "__wrapped__", None)
    if own is None:
        return
    known: dict[Any, Any] = {}

    def parse(self: Any, *what: Any) -> Any:
        key = (getattr(self, "_output_type", self), *what)
        if key not in known:
            if len(known) > _MOST_LABELS:
                known.clear()
            known[key] = own(self, *what)
        return known[key]

    setattr(MathTextParser, "_parse_cached", parse)  # noqa: B010  (private, so unknown to mypy)


def _run(source: str, outputs: Outputs, count: int | None = None) -> bool:
    shell = _SHELL[0]
    _OUTPUTS.append(outputs)
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    try:
        if count is not None:
            shell.execution_count = count
        return bool(shell.run_cell(source, store_history=True).success)
    finally:
        _OUTPUTS.pop()


# --- answering the judge --------------------------------------------------------------------------


class Server:
    """Serves one submission.

    Parameters
    ----------
    channel : Channel
    limits : dict
        `settings.Limits` as data.
    layers : list of str
        What protects this process, for the judge to know.
    """

    def __init__(self, channel: Channel, limits: dict[str, Any], layers: list[str]) -> None:
        self.channel = channel
        self.limits = limits
        self.layers = layers
        self.lent: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        self.depth = 0
        self.asked: dict[int, Any] = {}
        self.bound: dict[str, Any] = {}

    def run(self) -> None:
        """Serve until the judge is gone."""
        with contextlib.suppress(Closed):
            while True:
                self._serve(*self.channel.receive())

    def _serve(self, header: dict[str, Any], blobs: list[bytes]) -> None:
        if header["op"] in ("value", "error", "quick"):
            return  # the answer to a question whose asker ran out of time
        start = time.process_time()
        try:
            with _alarm(header.get("seconds"), header.get("clock"), self.limits["grace"]):
                reply, parts = getattr(self, f"_do_{header['op']}")(header, blobs)
        except Closed:
            raise
        except OutOfTime:
            reply, parts = {"op": "late"}, []
        except RecursionError as error:
            reply, parts = self._error(RecursionError(_text(error))), []
        except BaseException as error:
            reply, parts = self._error(error), []
        if "seconds" in header:
            reply["spent"] = time.process_time() - start
        try:
            self.channel.send(reply, parts)
        except Closed:
            raise
        except ChannelError as error:
            self.channel.send(self._error(ValueError(f"the result is too large: {error}")), [])

    # One method for each thing that the judge can ask.

    def _do_start(self, header: dict[str, Any], blobs: list[bytes]) -> Any:
        for (name, place), content in zip(header["files"], blobs, strict=True):
            target = os.path.join(os.getcwd(), name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content)
            del place
        # Last, so that a student's numpy.py is found by nobody.
        sys.path.append(os.getcwd())
        return {"op": "started", "layers": self.layers}, []

    def _do_probe(self, header: dict[str, Any], _: list[bytes]) -> Any:
        return {
            "op": "probed",
            "layers": self.layers,
            "tried": _escapes(header["secret"], self.layers),
        }, []

    def _do_run(self, header: dict[str, Any], _: list[bytes]) -> Any:
        outputs = Outputs(self.limits["output"])
        success = False
        try:
            success = _run(header["source"], outputs, header["count"])
        except OutOfTime as late:
            outputs.show(
                {
                    "output_type": "error",
                    "ename": "OutOfTime",
                    "evalue": str(late),
                    "traceback": [],
                }
            )
        shown, blobs = [], []
        for output in outputs.taken():
            data = output.get("data", {})
            for kind in [kind for kind, one in data.items() if isinstance(one, bytes)]:
                import base64

                data[kind] = base64.b64encode(data[kind]).decode()
            shown.append(output)
        writer = self._writer()
        told = writer.write(shown)
        blobs = writer.blobs
        return {"op": "ran", "success": success, "outputs": told}, blobs

    def _do_get(self, header: dict[str, Any], _: list[bytes]) -> Any:
        space = _SHELL[0].user_ns
        if header["name"] not in space:
            return {"op": "missing"}, []
        return self._value(space[header["name"]])

    def _do_call(self, header: dict[str, Any], blobs: list[bytes]) -> Any:
        function = self.lent[header["h"]]
        reader = self._reader()
        arguments = [reader.read(one, blobs) for one in header["args"]]
        keywords = {str(name): reader.read(one, blobs) for name, one in header["kw"].items()}
        before = [self._snapshot(one) for one in (*arguments, *keywords.values())]
        with _quiet():
            value = function(*arguments, **keywords)
        reply, parts = self._value(value)
        writer = self._writer()
        writer.blobs = parts
        changed = []
        for place, (one, was) in enumerate(
            zip((*arguments, *keywords.values()), before, strict=True)
        ):
            if was is not None and self._snapshot(one) != was:
                state = _drawn(one)
                changed.append([place, writer.write(one if state is None else state)])
        return {**reply, "changed": changed}, writer.blobs

    def _do_attribute(self, header: dict[str, Any], _: list[bytes]) -> Any:
        with _quiet():
            return self._value(getattr(self.lent[header["h"]], header["name"]))

    def _do_assign(self, header: dict[str, Any], blobs: list[bytes]) -> Any:
        with _quiet():
            value = self._reader().read(header["args"][0], blobs)
            setattr(self.lent[header["h"]], header["name"], value)
        return self._value(None)

    def _do_operate(self, header: dict[str, Any], blobs: list[bytes]) -> Any:
        reader = self._reader()
        arguments = [reader.read(one, blobs) for one in header["args"]]
        with _quiet():
            return self._value(_OPERATIONS[header["name"]](*arguments))

    def _do_bind(self, header: dict[str, Any], blobs: list[bytes]) -> Any:
        """Let global names mean the judge's functions until `_do_unbind`."""
        space, reader = _SHELL[0].user_ns, self._reader()
        for name, told in zip(header["names"], header["args"], strict=True):
            self.bound.setdefault(name, space.get(name, _GONE))
            space[name] = reader.read(told, blobs)
        return {"op": "bound"}, []

    def _do_unbind(self, _: dict[str, Any], __: list[bytes]) -> Any:
        space = _SHELL[0].user_ns
        for name, before in self.bound.items():
            if before is _GONE:
                space.pop(name, None)
            else:
                space[name] = before
        self.bound.clear()
        return {"op": "unbound"}, []

    def _do_forget(self, _: dict[str, Any], __: list[bytes]) -> Any:
        self._do_unbind(_, __)
        self.lent.clear()
        self.numbers.clear()
        self.asked.clear()
        plt = sys.modules.get("matplotlib.pyplot")
        if plt is not None and plt.get_fignums():
            plt.close("all")
        return {"op": "forgot"}, []

    # Values out and in.

    def _writer(self) -> Writer:
        limits = self.limits
        return Writer(self._lend, limits["depth"], limits["items"], limits["message"] - 4096)

    def _reader(self) -> Reader:
        return Reader(
            self._borrow,
            self.lent.__getitem__,
            self.limits["depth"],
            self.limits["items"],
            generators=True,
        )

    def _value(self, value: Any) -> tuple[dict[str, Any], list[bytes]]:
        writer = self._writer()
        try:
            told = writer.write(value)
        except ChannelError as error:
            raise ValueError(f"the result cannot be checked: {error}") from None
        return {"op": "value", "value": told, "withheld": _called()}, writer.blobs

    def _lend(self, value: Any) -> Any:
        if isinstance(value, _Asked):
            return {"H": value.number}
        number = self.numbers.get(id(value))
        if number is None or self.lent.get(number) is not value:
            number = len(self.lent)
            self.lent[number] = value
            self.numbers[id(value)] = number
        told = {
            "type": _text(type(value).__name__),
            "name": _text(getattr(value, "__name__", "")),
            "module": _text(getattr(value, "__module__", "")),
            "callable": callable(value),
            "shown": "" if callable(value) else _text(value, repr),
        }
        return {"h": [number, told]}

    def _borrow(self, number: int, told: dict[str, Any]) -> Any:
        if number not in self.asked:
            self.asked[number] = _Asked(self, number, told)
        return self.asked[number]

    def ask(self, number: int, arguments: Any, keywords: Any) -> Any:
        """Let the judge call one of its own functions, and return the value.

        Raises
        ------
        Exception
            Of the type that was raised there, if it is a built-in one.
        """
        self.depth += 1
        try:
            if self.depth > self.limits["depth"]:
                raise RecursionError("calls back and forth go too deep")
            if keywords or len(arguments) != 1 or not self.channel.send_quick(number, arguments[0]):
                writer = self._writer()
                told = [writer.write(one) for one in arguments]
                named = {name: writer.write(one) for name, one in keywords.items()}
                asked = {"op": "back", "h": number, "args": told, "kw": named}
                self.channel.send(asked, writer.blobs)
            while True:
                header, blobs = self.channel.receive()
                if header["op"] == "quick":
                    return header["value"]
                if header["op"] == "value":
                    return self._reader().read(header["value"], blobs)
                if header["op"] == "error":
                    kind = getattr(builtins, header["name"], RuntimeError)
                    raise kind(header["message"])
                self._serve(header, blobs)
        finally:
            self.depth -= 1

    def _snapshot(self, value: Any) -> Any:
        """Return what an argument holds, or None if nothing in it can be changed in place."""
        state = _drawn(value)
        if state is not None:
            return state
        if not isinstance(value, list | tuple | dict | sys.modules["numpy"].ndarray):
            return None
        writer = self._writer()
        return writer.write(value), writer.blobs

    def _error(self, error: BaseException) -> dict[str, Any]:
        return {
            "op": "error",
            "names": [_text(one.__name__)[:80] for one in type(error).__mro__][:20],
            "message": _text(error),
            "operation": _operation(error),
            "withheld": _called(),
        }


def _operation(error: BaseException) -> str:
    """Return the last operation in the student's own lines, as the checks' `exercise` names it."""
    found, trace = "", error.__traceback__
    while trace is not None:
        code, home = trace.tb_frame.f_code, trace.tb_frame.f_globals.get("__name__", "")
        if type(home) is str and home.partition(".")[0] not in _LIBRARIES:
            for one in dis.get_instructions(code):
                if one.offset == trace.tb_lasti:
                    found = f"{one.opname} {one.argrepr if one.opname == 'BINARY_OP' else ''}"
        trace = trace.tb_next
    return found.strip()[:80]


#: Whose lines say nothing about the slip.
_LIBRARIES = sys.stdlib_module_names | {"numpy", "autograder"}


def _drawn(value: Any) -> list[int] | None:
    """Return how far a random generator has drawn, as `remote.put_into` takes it."""
    if type(value) is not sys.modules["numpy"].random.Generator:
        return None
    state = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        return None
    return [state["state"]["state"], state["has_uint32"], state["uinteger"]]


#: What a name meant that there was not.
_GONE = object()


class _Asked:
    """A function of the judge's, as a student's function sees it."""

    def __init__(self, server: Server, number: int, told: dict[str, Any]) -> None:
        self._server = server
        self.number = number
        self.__name__ = self.__qualname__ = told["name"]

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._server.ask(self.number, arguments, keywords)


_OPERATIONS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(operator, name)
        for name in [
            "add",
            "sub",
            "mul",
            "truediv",
            "floordiv",
            "mod",
            "matmul",
            "neg",
            "pos",
            "abs",
            "getitem",
        ]
    },
    **{name: getattr(operator, name) for name in ["eq", "ne", "lt", "le", "gt", "ge"]},
    "pow": pow,
    "float": float,
    "int": int,
    "bool": bool,
    "len": len,
    "list": list,
    "str": str,
    "isinstance": isinstance,
}


def _text(value: Any, way: Callable[[Any], str] = str) -> str:
    """Return a short text of anything, whatever its methods do."""
    try:
        text = way(value)
        return text[:_MESSAGE] if type(text) is str else ""
    except Exception:
        return ""


def _called() -> list[str]:
    """Return, and forget, the withheld functions that were called."""
    module = sys.modules.get("nnlib._withheld")
    called = list(getattr(module, "CALLED", ()))
    if called:
        module.CALLED.clear()  # type: ignore[union-attr]
    return [_text(one) for one in called[:5]]


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what a call prints, shows and warns of: it belongs to no cell."""
    np = sys.modules["numpy"]
    _OUTPUTS.append(Outputs(1))
    old = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdout, sys.stderr = old
        _OUTPUTS.pop()


@contextmanager
def _alarm(seconds: float | None, clock: float | None, grace: float) -> Iterator[None]:
    """Interrupt what runs when its time is up, and again if it goes on.

    Parameters
    ----------
    seconds : float, optional
        Of processor time; no limit if there is none.
    clock : float, optional
        Seconds in which it must be done, however little it does.
    grace : float
        Whatever heeds no interrupt ends the process after so many seconds of processor time more.
    """
    if seconds is None or clock is None:
        yield
        return

    _LATE.update(
        {
            signal.SIGPROF: f"This ran for {seconds:g} seconds and was ended.",
            signal.SIGALRM: f"This was not done after {clock:g} seconds and was ended.",
        }
    )
    _end_after(math.ceil(time.process_time() + seconds + grace))
    # The second reminder must not come while a busy machine still writes down the first.
    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, seconds, _AGAIN),
        (signal.SIGALRM, signal.ITIMER_REAL, clock, max(_AGAIN, grace)),
    )
    for number, timer, after, again in timers:
        if signal.getsignal(number) is not _late:  # the first time, or the student has changed it
            signal.signal(number, _late)
        signal.setitimer(timer, after, again)
    try:
        yield
    finally:
        for _, timer, _, _ in timers:
            signal.setitimer(timer, 0)


#: What is said when a signal comes.
_LATE: dict[int, str] = {}


def _late(number: int, _: Any) -> None:
    raise OutOfTime(_LATE[number])


def _end_after(seconds: int) -> None:
    """Let the kernel end this process when it has used so much processor time in all."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        soft, most = resource.getrlimit(resource.RLIMIT_CPU)
        wanted = seconds if most == resource.RLIM_INFINITY else min(seconds, most)
        if soft != wanted:
            resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))


def _processes() -> None:
    number = os.fork()
    if not number:
        os._exit(0)
    os.waitpid(number, 0)


def _signals() -> None:
    """Let a socket send its signal to somebody else."""
    import fcntl

    here, there = socket.socketpair()
    with here, there:
        fcntl.fcntl(here, fcntl.F_SETOWN, os.getppid() or 1)


def _capabilities() -> None:
    if not confine.has_capabilities():
        raise OSError("none")


def _network() -> None:
    try:
        socket.create_connection(("127.0.0.1", 9), 1).close()
    except ConnectionRefusedError:
        # Refused by nobody listening: the loopback that it reached is its own, or it is not.
        if not set(os.listdir("/sys/class/net") if os.path.isdir("/sys/class/net") else ()) - {
            "lo"
        }:
            raise


def _nothing() -> None:
    raise OSError("not tried")


def promises(secret: str, own: str, layers: Sequence[str] = ()) -> dict[str, Callable[[], Any]]:
    """Return what the jail promises that no program can do, each with a try to do it.

    A try that raises OSError has found the promise kept.

    Parameters
    ----------
    secret : str
        A file of the grader's.
    own : str
        A file that can be read here, and belongs to the grader as well.
    layers : sequence of str
        What this workspace was put into; in namespaces of its own a number means nothing outside.
    """

    def either(act: Callable[[str], Any]) -> Callable[[], Any]:
        def attempt() -> None:
            for path in (secret, own):
                with contextlib.suppress(OSError):
                    act(path)
                    return
            raise OSError("both are kept")

        return attempt

    beside = os.path.join(os.path.dirname(os.path.dirname(own)), "escaped")
    return {
        "read a file of the grader": lambda: open(secret).close(),
        "list the grader's folder": lambda: os.listdir(os.path.dirname(secret)),
        "write into the system": lambda: open("/usr/escaped", "w").close(),
        "write beside the library": lambda: open(beside, "w").close(),
        "empty a file": either(lambda path: os.truncate(path, 0)),
        "change a file's mode": either(lambda path: os.chmod(path, 0o666)),
        "change a file's owner": either(lambda path: os.chown(path, os.getuid(), os.getgid())),
        "change a file's times": either(lambda path: os.utime(path)),
        "remove or rename a file": either(lambda path: os.rename(path, f"{path}.escaped")),
        "reach the network": _network,
        "start another process": _processes,
        "start a program": lambda: os.execv("/bin/true", ["true"]),
        "signal the grader": lambda: os.kill(os.getppid(), 0) if os.getppid() else _nothing(),
        "signal the grader through a socket": _signals,
        "keep a right of the superuser": _capabilities,
        "act under the superuser's number": lambda: (
            _nothing() if "namespaces" in layers or os.getuid() else None
        ),
    }


def _escapes(secret: str, layers: Sequence[str]) -> dict[str, bool]:
    """Try what must not work, and return what did."""
    found = {}
    for what, attempt in promises(secret, __file__, layers).items():
        try:
            attempt()
        except OSError:
            found[what] = False
        else:
            found[what] = True
    return found


def serve(end: socket.socket, limits: dict[str, Any], layers: list[str]) -> None:
    """Serve one submission over a socket, then end the process."""
    with contextlib.suppress(BaseException):
        importlib.invalidate_caches()
        Server(Channel(end, limits["message"]), limits, layers).run()
    os._exit(0)
