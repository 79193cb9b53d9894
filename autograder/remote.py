"""The judge's end of the channel: a student's workspace, and what stands for a student's objects.

A `Borrowed` function looks to a test like the function itself. Calling it sends the arguments as
data and brings the answer back as data; an argument that was changed in place over there is changed
in place here, an exception is raised again here, and a function among the arguments is called here.
"""

import builtins
import contextlib
import json
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder import jail, library, packages
from autograder.cells import PICTURES
from autograder.channel import Channel, ChannelError, Closed, Late, Reader, Writer, clean
from autograder.settings import Limits
from autograder.temporary import Folder


class WorkspaceLost(BaseException):
    """The workspace ended, hung or talked nonsense; what was going on cannot go on.

    Like an interrupt it is no Exception: one lost workspace ends the whole test cell.
    """


class CellOutOfTime(WorkspaceLost):
    """A test cell took longer than it may; the workspace itself is still there."""


class Interrupted(BaseException):
    """The student's function raised something that is no Exception, such as KeyboardInterrupt."""


#: Seconds, and seconds by the clock, for what runs none of the student's code.
_START = (30.0, 60.0)


def _spent(told: Any, passed: float) -> float:
    """Return how much processor time a request took: no more than has passed, whatever is told.

    Examples
    --------
    >>> _spent(0.5, 2.0), _spent(-1, 2.0), _spent("none", 2.0), _spent(float("nan"), 2.0)
    (0.5, 0.0, 2.0, 2.0)
    """
    return min(max(told, 0.0), passed) if type(told) in (int, float) and told == told else passed


class Workspaces:
    """Starts a workspace for each submission, from one warm process as long as that is safe.

    Parameters
    ----------
    withheld : mapping of str to set of str
        See `library.build`.
    limits : Limits
    modules : sequence of str
        What the notebook is known to import: done once, before the first fork.
    installs : sequence of str
        The packages that students may import.
    """

    def __init__(
        self,
        withheld: Mapping[str, set[str]],
        limits: Limits,
        modules: Sequence[str] = (),
        installs: Sequence[str] = packages.STUDENTS,
    ) -> None:
        self.installs = installs
        self.limits = limits
        self.modules = tuple(modules)
        self.protection = jail.required(limits)
        self._folder = Folder()
        self._library = library.build(self._folder.place / "library", withheld)
        self._private = self._folder.place / "private"
        self._private.mkdir()
        self._started: jail.Started | None = None
        self._used = False

    def ready(self) -> jail.Started:
        """Return the process that forks, started if need be: seconds that count for nobody."""
        if self._used and not self.protection.shared:
            self.close_process()
        if self._started is None:
            # Where each workspace has no folder of its own, it lies here.
            shutil.rmtree(self._private, ignore_errors=True)
            self._private.mkdir(exist_ok=True)
            self._started = jail.start(
                self._library,
                self.limits,
                self.protection.bubblewrap,
                self._private,
                modules=self.modules,
                installs=self.installs,
            )
        return self._started

    @contextlib.contextmanager
    def open(self, files: Mapping[str, bytes]) -> "Iterator[Workspace]":
        """Start a workspace with some files in its folder, and end it afterwards."""
        started = self.ready()
        self._used = True
        here, there = socket.socketpair()
        try:
            started.command(b"fork", [there.fileno()])
            there.close()
            yield Workspace(Channel(here, self.limits.message), self.limits, files)
        except (OSError, ChannelError):
            self.close_process()
            raise
        finally:
            there.close()
            here.close()
            if self._started is not None:
                try:
                    self._started.command(b"kill")
                except (OSError, ChannelError):
                    self.close_process()

    def close_process(self) -> None:
        """End the warm process; the next workspace starts a new one."""
        if self._started is not None:
            self._started.stop()
            self._started = None
            self._used = False

    def close(self) -> None:
        """End everything and remove the folder."""
        self.close_process()
        self._folder.close()


class Workspace:
    """One workspace, from its first cell to its end.

    Parameters
    ----------
    channel : Channel
    limits : Limits
    files : mapping of str to bytes
        What lies in its folder.
    """

    def __init__(self, channel: Channel, limits: Limits, files: Mapping[str, bytes]) -> None:
        self.channel = channel
        self.limits = limits
        self.spent = 0.0
        self.start_test(limits.seconds_per_cell)
        self.lent: dict[int, Any] = {}
        self.borrowed: dict[int, Any] = {}
        self.depth = 0
        self.lost = False
        header = {"op": "start", "files": [[name, 0] for name in files]}
        self._exchange(header, list(files.values()), _START)

    # What the judge does with it.

    def run(self, source: str, count: int, seconds: float) -> tuple[list[dict[str, Any]], bool]:
        """Run a cell and return its outputs and whether it went through.

        Parameters
        ----------
        source : str
        count : int
            The cell's number.
        seconds : float
            Of processor time.

        Raises
        ------
        WorkspaceLost
        """
        header = {"op": "run", "source": source, "count": count}
        answer, blobs = self._exchange(header, [], (seconds, self.limits.by_the_clock(seconds)))
        if answer.get("op") != "ran":
            return [], False
        try:
            told = self._reader().read(answer.get("outputs"), blobs)
        except ChannelError as error:
            raise self._lose(f"its outputs cannot be read: {error}") from None
        return outputs_of(told, self.limits.output), answer.get("success") is True

    def start_test(self, seconds: float) -> None:
        """Begin a test cell: all its calls together may use so much processor time."""
        self.most = self.spent + seconds
        self.deadline = time.monotonic() + self.limits.by_the_clock(seconds)

    def end_test(self) -> None:
        """Give back what was borrowed and lent."""
        self.lent.clear()
        self.borrowed.clear()
        if not self.lost:
            with contextlib.suppress(WorkspaceLost):
                grace = self.limits.grace
                self._exchange({"op": "forget"}, [], (grace, self.limits.by_the_clock(grace)))

    def get(self, name: str) -> tuple[bool, Any]:
        """Return whether the student has something of that name, and what."""
        answer, blobs = self._exchange({"op": "get", "name": name}, [], self._left())
        if answer.get("op") == "missing":
            return False, None
        return True, self._result(answer, blobs)

    @contextlib.contextmanager
    def binding(self, names: Mapping[str, Any]) -> Iterator[None]:
        """Let some of the notebook's global names mean functions of the judge's for a while."""
        writer = self._writer()
        told = [writer.write(one) for one in names.values()]
        header = {"op": "bind", "names": list(names), "args": told}
        self._bound(header, writer.blobs)
        try:
            yield
        finally:
            if not self.lost:
                self._bound({"op": "unbind"}, [])

    def _bound(self, header: dict[str, Any], blobs: list[bytes]) -> None:
        answer, _ = self._exchange(header, blobs, self._left())
        if answer.get("op") not in ("bound", "unbound"):
            raise self._lose("it does not speak as agreed")

    # What the borrowed objects do with it.

    def call(self, number: int, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        """Call a student's function."""
        writer = self._writer()
        told = [writer.write(one) for one in arguments]
        named = {name: writer.write(one) for name, one in keywords.items()}
        header = {"op": "call", "h": number, "args": told, "kw": named}
        answer, blobs = self._exchange(header, writer.blobs, self._left())
        self._mirror(answer.get("changed"), blobs, (*arguments, *keywords.values()))
        return self._result(answer, blobs)

    def attribute(self, number: int, name: str) -> Any:
        """Return an attribute of a student's object."""
        return self._result(
            *self._exchange({"op": "attribute", "h": number, "name": name}, [], self._left())
        )

    def assign(self, number: int, name: str, value: Any) -> None:
        """Set an attribute of a student's object."""
        writer = self._writer()
        header = {"op": "assign", "h": number, "name": name, "args": [writer.write(value)]}
        self._result(*self._exchange(header, writer.blobs, self._left()))

    def operate(self, name: str, *arguments: Any) -> Any:
        """Apply an operator over there."""
        writer = self._writer()
        told = [writer.write(one) for one in arguments]
        header = {"op": "operate", "name": name, "args": told}
        return self._result(*self._exchange(header, writer.blobs, self._left()))

    # The exchange itself.

    def _left(self) -> tuple[float, float]:
        """Return how much of this test's time is left: of the processor's, and by the clock."""
        left = self.most - self.spent, self.deadline - time.monotonic()
        if min(left) <= 0:
            raise CellOutOfTime("the time for this test is over")
        return left

    def _exchange(
        self, header: dict[str, Any], blobs: list[bytes], left: tuple[float, float]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Send a request, serve the calls that come back meanwhile, and return the answer."""
        seconds, clock = left
        if self.lost:
            raise WorkspaceLost("the workspace has ended")
        self.depth += 1
        start = time.monotonic()
        end = start + clock + self.limits.by_the_clock(self.limits.grace)
        if self.depth == 1:
            header = {**header, "seconds": seconds, "clock": clock}
        try:
            if self.depth > self.limits.depth:
                raise RecursionError("calls back and forth go too deep")
            self.channel.send(header, blobs, end - start)
            while True:
                rest = end - time.monotonic()
                if rest <= 0:  # however fast it asks
                    raise Late
                answer, parts = self.channel.receive(rest)
                if answer.get("op") == "quick":
                    self._serve_quickly(answer["h"], answer["value"], end)
                    continue
                if answer.get("op") != "back":
                    if self.depth == 1:
                        self.spent += _spent(answer.get("spent"), time.monotonic() - start)
                    return answer, parts
                self._serve(answer, parts, end)
        except (WorkspaceLost, KeyboardInterrupt):
            # The call that was going on over there will be answered to nobody.
            self.lost = True
            raise
        except Late:
            raise self._lose("it did not answer in time") from None
        except Closed:
            raise self._lose("it has ended") from None
        except ChannelError as error:
            raise self._lose(f"it does not speak as agreed: {error}") from None
        finally:
            if self.lost and self.depth == 1:
                self.spent += min(seconds, time.monotonic() - start)
            self.depth -= 1

    def _lose(self, why: str) -> WorkspaceLost:
        self.lost = True
        return WorkspaceLost(f"The workspace of this notebook was lost: {why}.")

    def _serve_quickly(self, number: int, argument: Any, end: float) -> None:
        """Call one of the judge's own functions with one number, which was checked on the way."""
        try:
            value = self.lent[number](argument)
        except Exception as error:
            self._send_error(error, end)
            return
        seconds = max(0.01, end - time.monotonic())
        if not self.channel.send_quick(number, value, seconds):
            self._send_value(value, end)

    def _serve(self, asked: dict[str, Any], blobs: list[bytes], end: float) -> None:
        """Call one of the judge's own functions for the student's."""
        try:
            reader = self._reader()
            number, told, named = asked.get("h"), asked.get("args"), asked.get("kw")
            if not isinstance(told, list) or not isinstance(named, dict):
                raise ChannelError("a call without arguments")
            arguments = [reader.read(one, blobs) for one in told]
            keywords = {str(name): reader.read(one, blobs) for name, one in named.items()}
            function = self.lent[number] if type(number) is int else None
            value = function(*arguments, **keywords)  # type: ignore[misc]
        except Exception as error:
            self._send_error(error, end)
            return
        self._send_value(value, end)

    def _send_value(self, value: Any, end: float) -> None:
        writer = self._writer()
        try:
            reply = {"op": "value", "value": writer.write(value)}
        except Exception as error:
            self._send_error(error, end)
            return
        self.channel.send(reply, writer.blobs, max(0.01, end - time.monotonic()))

    def _send_error(self, error: Exception, end: float) -> None:
        name = type(error).__name__
        reply = {"op": "error", "name": name, "message": clean(str(error))[:500]}
        self.channel.send(reply, [], max(0.01, end - time.monotonic()))

    def _result(self, answer: dict[str, Any], blobs: list[bytes]) -> Any:
        kind = answer.get("op")
        _report_withheld(answer.get("withheld"))
        if kind == "value":
            try:
                return self._reader().read(answer.get("value"), blobs)
            except ChannelError as error:
                raise ValueError(f"the result cannot be checked: {error}") from None
        if kind == "late":
            raise CellOutOfTime("the time for this test is over")
        if kind == "error":
            raise _error_of(
                answer.get("names"), answer.get("message"), _string(answer.get("operation"))[:80]
            )
        raise self._lose("it does not speak as agreed")

    def _writer(self) -> Writer:
        limits = self.limits
        return Writer(self._lend, limits.depth, limits.items, limits.message - 4096)

    def _reader(self) -> Reader:
        return Reader(self._borrow, self.lent.__getitem__, self.limits.depth, self.limits.items)

    def _lend(self, value: Any) -> Any:
        if isinstance(value, Borrowed):
            return {"H": object.__getattribute__(value, "_number")}
        if isinstance(value, np.ufunc):
            name = str(getattr(value, "__name__", ""))
            if getattr(np, name, None) is value:
                return {"u": name}
        if isinstance(value, np.random.Generator):
            bits = value.bit_generator
            return {"r": [type(bits).__name__, json.dumps(bits.state, default=_as_list)]}
        if not callable(value):
            raise TypeError(f"a {type(value).__name__} cannot be passed to a student's function")
        number = id(value)
        self.lent[number] = value
        return {"h": [number, {"name": str(getattr(value, "__name__", "f"))}]}

    def _borrow(self, number: int, told: Any) -> Any:
        if number not in self.borrowed:
            if len(self.borrowed) > self.limits.items:
                raise ChannelError("too many objects")
            told = told if isinstance(told, dict) else {}
            kind = BorrowedFunction if told.get("callable") is True else Borrowed
            self.borrowed[number] = kind(self, number, told)
        return self.borrowed[number]

    def _mirror(self, changed: Any, blobs: list[bytes], arguments: Sequence[Any]) -> None:
        """Change the judge's arguments as the student's function changed its copies."""
        if not isinstance(changed, list):
            return
        for one in changed[: len(arguments)]:
            if not isinstance(one, list) or len(one) != 2 or type(one[0]) is not int:
                continue
            place, told = one
            if 0 <= place < len(arguments):
                with contextlib.suppress(ChannelError):
                    put_into(arguments[place], self._reader().read(told, blobs))


def put_into(target: Any, value: Any) -> None:
    """Make an array, list, dict or tuple of them hold what another holds, as far as that goes.

    A random generator is moved to where the student's copy of it has come to.

    Examples
    --------
    >>> numbers = [1, 2]
    >>> put_into(numbers, [3])
    >>> numbers
    [3]
    >>> put_into((numbers, 1), ([4], 1))
    >>> numbers
    [4]
    """
    if isinstance(target, np.ndarray) and isinstance(value, np.ndarray):
        if target.shape != value.shape:
            with contextlib.suppress(ValueError):
                target.resize(value.shape, refcheck=False)
        if target.shape == value.shape:
            with contextlib.suppress(TypeError, ValueError):
                target[...] = value
    elif isinstance(target, tuple) and isinstance(value, tuple):
        # A tuple stays as it is; the arrays in it need not.
        for old, new in zip(target, value, strict=False):
            put_into(old, new)
    elif isinstance(target, list) and isinstance(value, list):
        if len(target) == len(value):
            for place, (old, new) in enumerate(zip(list(target), value, strict=True)):
                if isinstance(old, np.ndarray | list | dict) and type(old) is type(new):
                    put_into(old, new)
                else:
                    target[place] = new
        else:
            target[:] = value
    elif isinstance(target, dict) and isinstance(value, dict):
        for gone in set(target) - set(value):
            del target[gone]
        for key, new in value.items():
            old = target.get(key)
            if isinstance(old, np.ndarray | list | dict) and type(old) is type(new):
                put_into(old, new)
            else:
                target[key] = new
    elif isinstance(target, np.random.Generator) and isinstance(value, list):
        _move(target.bit_generator, value)


def _move(bits: Any, drawn: list[Any]) -> None:
    """Bring NumPy's usual generator to a state, if it is one."""
    state = bits.state
    sizes = (128, 1, 32)
    fits = len(drawn) == len(sizes) and all(
        type(one) is int and 0 <= one < 2**size for one, size in zip(drawn, sizes, strict=True)
    )
    if fits and state["bit_generator"] == "PCG64":
        inner = {**state["state"], "state": drawn[0]}
        bits.state = {**state, "state": inner, "has_uint32": drawn[1], "uinteger": drawn[2]}


def outputs_of(told: Any, size: int) -> list[dict[str, Any]]:
    """Return what of a workspace's outputs a notebook can hold: known kinds, as text, up to a size.

    Examples
    --------
    >>> outputs_of([{"output_type": "stream", "name": "stdout", "text": "hello"}, 7], 100)
    [{'output_type': 'stream', 'name': 'stdout', 'text': 'hello'}]
    """
    kept: list[dict[str, Any]] = []
    left = 2 * size + 4096  # base64 is longer than what it says
    for one in told if isinstance(told, list) else ():
        output = _output_of(one) if isinstance(one, dict) else None
        if output is None:
            continue
        left -= len(json.dumps(output))
        if left < 0:
            break
        kept.append(output)
    return kept


#: What may be shown. HTML and Markdown are sanitised later, and so is everything else there.
_SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", *PICTURES)


def _output_of(one: dict[Any, Any]) -> dict[str, Any] | None:
    kind = one.get("output_type")
    if kind == "stream":
        name = "stderr" if one.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": _string(one.get("text"))}
    if kind == "error":
        lines = one.get("traceback")
        return {
            "output_type": kind,
            "ename": _string(one.get("ename"))[:200],
            "evalue": _string(one.get("evalue"))[:2000],
            "traceback": [_string(line) for line in lines[:200]] if isinstance(lines, list) else [],
        }
    if kind not in ("display_data", "execute_result") or not isinstance(one.get("data"), dict):
        return None
    data = {name: _string(text) for name, text in one["data"].items() if name in _SHOWN}
    output = {"output_type": kind, "data": data, "metadata": _about(one.get("metadata"))}
    if kind == "execute_result":
        count = one.get("execution_count")
        output["execution_count"] = count if type(count) is int else None
    return output


def _about(metadata: Any) -> dict[str, dict[str, Any]]:
    """Return a picture's size and words; nbconvert writes a size into its page as it stands."""
    kept: dict[str, dict[str, Any]] = {}
    for kind in PICTURES:
        about = metadata.get(kind) if isinstance(metadata, dict) else None
        for name, value in about.items() if isinstance(about, dict) else ():
            if (name in ("width", "height") and type(value) is int) or (
                name == "alt" and isinstance(value, str)
            ):
                kept.setdefault(kind, {})[name] = value
    return kept


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _as_list(value: Any) -> Any:
    return value.tolist()


def _report_withheld(names: Any) -> None:
    """Tell the checks, if any are loaded, which withheld functions were called over there."""
    checks = sys.modules.get(library.REFUSALS)
    if checks is None or not isinstance(names, list):
        return
    for name in names[:5]:
        if isinstance(name, str) and name.isidentifier() and len(name) < 80:
            with contextlib.suppress(checks.WithheldError):
                checks.refuse(name)


def _error_of(names: Any, message: Any, operation: str = "") -> BaseException:
    """Return an exception like the one that was raised over there, in which operation it was."""
    error = _error_like(names, message)
    error.operation = operation  # type: ignore[attr-defined]
    return error


def _error_like(names: Any, message: Any) -> BaseException:
    known = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    said = message if isinstance(message, str) else ""
    if known[:1] == ["SystemExit"]:
        return SystemExit(said)
    if "Exception" not in known:
        return Interrupted(f"{known[0] if known else 'something'}: {said}"[:200])
    kind = next(filter(None, map(_exception_named, known)), Exception)
    if kind.__name__ != known[0] and known[0].isidentifier():
        # Its own name, for the report to print, on the nearest type that is known here.
        kind = type(known[0][:60], (_Foreign, kind), {})
    if kind.__name__ == "KeyError":
        said = re.sub(r"""^(['"])(.*)\1$""", r"\2", said)  # its text is the key in quotation marks
    try:
        return kind(said)
    except TypeError:  # such as UnicodeDecodeError, which wants more than a text
        return RuntimeError(f"{known[0]}: {said}"[:500])


def _exception_named(name: str) -> type[Exception] | None:
    """Return a built-in exception or one of NumPy's."""
    for home in (builtins, np.exceptions, np.linalg):
        kind = getattr(home, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind
    return None


class _Foreign(Exception):
    """A type of exception that the student defined."""


class Borrowed:
    """Stands for a student's object that cannot travel."""

    def __init__(self, workspace: Workspace, number: int, told: dict[str, Any]) -> None:
        put = _setter(self)
        put("_workspace", workspace)
        put("_number", number)
        put("_shown", _string(told.get("shown"))[:500] or f"<{_string(told.get('type'))[:80]}>")

    def __repr__(self) -> str:
        return str(self._shown)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._workspace.attribute(self._number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._workspace.assign(self._number, name, value)

    def __deepcopy__(self, _: Any) -> "Borrowed":
        return self

    def __copy__(self) -> "Borrowed":
        return self

    def __float__(self) -> float:
        value = self._workspace.operate("float", self)
        if type(value) is not float:
            raise TypeError("the object's float is none")
        return value


def _setter(target: Any) -> Any:
    """Return a function that sets attributes without asking the class."""
    return lambda name, value: object.__setattr__(target, name, value)


def _forward(name: str, turned: bool) -> Any:
    def operate(self: Any, *others: Any) -> Any:
        both = (*others, self) if turned else (self, *others)
        return self._workspace.operate(name, *both)

    return operate


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "matmul", "pow"):
    setattr(Borrowed, f"__{_name}__", _forward(_name, turned=False))
    setattr(Borrowed, f"__r{_name}__", _forward(_name, turned=True))
for _name in ("neg", "pos", "abs"):
    setattr(Borrowed, f"__{_name}__", _forward(_name, turned=False))


class BorrowedFunction(Borrowed):
    """Stands for a student's function or class."""

    def __init__(self, workspace: Workspace, number: int, told: dict[str, Any]) -> None:
        super().__init__(workspace, number, told)
        put = _setter(self)
        for name in ("name", "qualname"):
            put(f"__{name}__", _string(told.get("name"))[:80] or "function")
        put("__module__", _string(told.get("module"))[:80] or "__main__")
        put("_shown", f"<function {_string(told.get('name'))[:80]}>")

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the student's function."""
        return self._workspace.call(self._number, arguments, keywords)

    def _with_globals(self, names: Mapping[str, Any]) -> contextlib.AbstractContextManager[None]:
        """Let the student's function find others; see `nnchecks.engine.earlier.in_place`."""
        workspace: Workspace = self._workspace
        return workspace.binding(names)

    def __instancecheck__(self, one: Any) -> bool:
        if not isinstance(one, Borrowed):
            return False
        return self._workspace.operate("isinstance", one, self) is True
