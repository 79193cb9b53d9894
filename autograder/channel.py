"""The wire between judge and workspace: frames of data, and nothing else.

A frame is a JSON header and the bytes of the arrays that it mentions. The one message that comes by
the thousand, a function of the judge's called with one number, has a short binary form of its own
(`Channel.send_quick`). Only a closed set of types travels: JSON's scalars, complex numbers, bytes,
lists, tuples, sets, dicts, slices, NumPy arrays of numbers or text, NumPy's scalars, and, from the
judge, random generators. Whatever else is lent: its owner keeps it and gives out a number. Both
ends check every frame as if the other meant harm; for the judge that is so.
"""

import json
import math
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np

_LENGTHS = struct.Struct("!II")
#: A quick frame says so in the place of the first length; no other is as long as that.
_QUICK = 0xFFFFFFFF
#: That, the bytes that follow this head, the number of the function, the kind of value.
_QUICK_HEAD = struct.Struct("!IIQB")
_FLOAT, _FLOAT64, _ARRAY = range(3)
_NUMBER = struct.Struct("!d")
_QUICK_NUMBER = struct.Struct("!IIQBd")
#: The longest array that goes by a quick frame, in bytes, and its most dimensions.
_QUICK_BYTES, _QUICK_DIMENSIONS = 1 << 15, 4
#: Numbers and fixed-width text; never objects, records or dates.
_DTYPE = re.compile(r"[<>|=]([biufc]\d{1,2}|[SU]\d{1,6})\Z")
_MOST_DIMENSIONS = 32
_MOST_BITS = 8192
#: Of a header that is longer than this the parts are counted before it is parsed.
_LONG, _MOST_SIGNS = 1 << 16, 2_000_000
_TEXTS, _SIGNS = re.compile(rb'"(?:[^"\\]|\\.)*"'), re.compile(rb"[,\[{]")
#: How many keys of one hash a set or a dict may have.
_MOST_ALIKE = 1000
#: How often a wait is interrupted to look at the clock: seconds and microseconds.
_TICK = struct.pack("@ll", 0, 100_000)

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class ChannelError(Exception):
    """The other end broke the rules, or a value cannot travel; the message says how."""


class Closed(ChannelError):
    """The other end is gone."""


class Late(ChannelError):
    """The other end did not answer in time."""


class Channel:
    """One end of the wire.

    Parameters
    ----------
    end : socket
    limit : int
        Bytes of the longest frame.

    Examples
    --------
    >>> here, there = (Channel(end, 1000) for end in socket.socketpair())
    >>> here.send({"op": "hello"}, [b"bytes"])
    >>> there.receive()
    ({'op': 'hello'}, [b'bytes'])
    >>> here.close(), there.close()
    (None, None)
    """

    def __init__(self, end: socket.socket, limit: int) -> None:
        self.end = end
        self.limit = limit
        self._read = bytearray()
        self._part = memoryview(bytearray(1 << 16))
        # One system call for each message: the kernel wakes us now and then to look at the clock.
        end.setblocking(True)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            end.setsockopt(socket.SOL_SOCKET, option, _TICK)

    def send(
        self, header: dict[str, Any], blobs: list[bytes], seconds: float | None = None
    ) -> None:
        """Send one frame.

        Raises
        ------
        ChannelError
            If it is too long, or the other end is gone or does not read.
        """
        if blobs:
            header = {**header, "blobs": [len(blob) for blob in blobs]}
        text = _encode(header).encode()
        length = len(text) + sum(map(len, blobs))
        if length > self.limit:
            raise ChannelError(f"{length} bytes; at most {self.limit} may be sent at once")
        self._send(b"".join((_LENGTHS.pack(length, len(text)), text, *blobs)), seconds)

    def send_quick(self, number: int, value: Any, seconds: float | None = None) -> bool:
        """Send one number or a small array of floats, if that is what the value is.

        Returns
        -------
        bool
            Whether it was sent; if not, it is for `send`.

        Raises
        ------
        ChannelError

        Examples
        --------
        >>> here, there = (Channel(end, 1000) for end in socket.socketpair())
        >>> here.send_quick(7, 0.5), here.send_quick(7, "half")
        (True, False)
        >>> there.receive()
        ({'op': 'quick', 'h': 7, 'value': 0.5}, [])
        >>> here.close(), there.close()
        (None, None)
        """
        kind = type(value)
        if kind is float or kind is np.float64:
            tag, content = (_FLOAT if kind is float else _FLOAT64), _NUMBER.pack(value)
        elif (
            kind is np.ndarray
            and value.dtype is _FLOATS
            and value.nbytes <= _QUICK_BYTES
            and value.ndim <= _QUICK_DIMENSIONS
        ):
            shape = struct.pack(f"!B{value.ndim}I", value.ndim, *value.shape)
            tag, content = _ARRAY, shape + value.tobytes()
        else:
            return False
        self._send(_QUICK_HEAD.pack(_QUICK, len(content), number, tag) + content, seconds)
        return True

    def _send(self, content: bytes, seconds: float | None) -> None:
        try:
            sent = self.end.send(content)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise Closed(f"the other end is gone ({error.strerror})") from None
        if sent < len(content):
            self._send_rest(memoryview(content)[sent:], seconds)

    def _send_rest(self, rest: memoryview, seconds: float | None) -> None:
        deadline = None if seconds is None else time.monotonic() + seconds
        while rest:
            try:
                rest = rest[self.end.send(rest) :]
            except BlockingIOError:
                if deadline is not None and time.monotonic() > deadline:
                    raise Late("a message was not read in time") from None
            except OSError as error:
                raise Closed(f"the other end is gone ({error.strerror})") from None

    def receive(self, seconds: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
        """Wait for one frame and return its header and its bytes.

        A quick frame's header has the operation "quick", and the value itself.

        Raises
        ------
        Late, Closed, ChannelError
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        if not self._read:
            count = self._receive(deadline)
            if count == _QUICK_NUMBER.size:  # the usual message, read where it lies
                length, size, number, tag, value = _QUICK_NUMBER.unpack_from(self._part)
                if (length, size) == (_QUICK, _NUMBER.size) and tag <= _FLOAT64:
                    value = value if tag == _FLOAT else np.float64(value)
                    return {"op": "quick", "h": number, "value": value}, []
            self._read += self._part[:count]
        size = _LENGTHS.size
        self._fill(size, deadline)
        length, head = _LENGTHS.unpack_from(self._read)
        if length == _QUICK:
            return self._quick(head, deadline), []
        if length > self.limit or head > length:
            raise ChannelError(f"a message of {length} bytes; at most {self.limit} are read")
        self._fill(size + length, deadline)
        text = self._read[size : size + head]
        if head > _LONG and len(_SIGNS.findall(_TEXTS.sub(b"", text))) > _MOST_SIGNS:
            del self._read[: size + length]
            raise ChannelError("a message of too many parts")
        rest = bytes(self._read[size + head : size + length])
        del self._read[: size + length]
        try:
            header = json.loads(text.decode())
            if not isinstance(header, dict) or header.get("op") == "quick":
                raise ValueError
            lengths = header.pop("blobs", [])
            if not all(type(one) is int and one >= 0 for one in lengths):
                raise ValueError
            if sum(lengths) != len(rest):
                raise ValueError
        except (ValueError, RecursionError, TypeError):
            raise ChannelError("a message that is no message") from None
        blobs, start = [], 0
        for one in lengths:
            blobs.append(rest[start : start + one])
            start += one
        return header, blobs

    def _quick(self, length: int, deadline: float | None) -> dict[str, Any]:
        """Read the rest of a quick frame."""
        if length > _QUICK_BYTES + 64:
            raise ChannelError("a message that is no message")
        start = _QUICK_HEAD.size
        self._fill(start + length, deadline)
        _, _, number, tag = _QUICK_HEAD.unpack_from(self._read)
        content = bytes(self._read[start : start + length])
        del self._read[: start + length]
        if tag == _ARRAY:
            return {"op": "quick", "h": number, "value": _floats_of(content)}
        if tag > _ARRAY or length != _NUMBER.size:
            raise ChannelError("a message that is no message")
        value = _NUMBER.unpack(content)[0]
        return {"op": "quick", "h": number, "value": value if tag == _FLOAT else np.float64(value)}

    def _fill(self, count: int, deadline: float | None) -> None:
        """Read until so many bytes are there."""
        while len(self._read) < count:
            self._read += self._part[: self._receive(deadline)]

    def _receive(self, deadline: float | None) -> int:
        """Wait for bytes, and return how many have come."""
        while deadline is None or time.monotonic() < deadline:
            try:
                size = self.end.recv_into(self._part)
            except BlockingIOError:
                continue
            except OSError as error:
                raise Closed(f"the other end is gone ({error.strerror})") from None
            if not size:
                raise Closed("the other end is gone")
            return size
        raise Late("no answer in time")

    def close(self) -> None:
        """Close this end."""
        self.end.close()


def clean(text: str) -> str:
    """Return text that can be written: half of a surrogate pair becomes a question mark.

    Examples
    --------
    >>> clean("é" + chr(0xD800))
    'é?'
    """
    return text.encode("utf-8", "replace").decode()


class Writer:
    """Turns values into what a header can hold.

    Parameters
    ----------
    lend : callable
        Gets a value that cannot travel and returns what stands for it.
    depth, items, size : int
        How deep, how many, how many bytes.

    Examples
    --------
    >>> writer = Writer(lambda value: {"h": 0}, depth=5, items=50, size=1000)
    >>> writer.write([1, (2.5, None), np.arange(2.0)]), writer.blobs[0] == np.arange(2.0).tobytes()
    ({'l': [1, {'t': [2.5, None]}, {'a': ['<f8', [2], 0]}]}, True)
    """

    def __init__(self, lend: Callable[[Any], Any], depth: int, items: int, size: int) -> None:
        self.lend = lend
        self.depth = depth
        self.items = items
        self.size = size
        self.blobs: list[bytes] = []

    def write(self, value: Any, depth: int = 0) -> Any:
        """Return what stands for a value.

        Raises
        ------
        ChannelError
            If it is too deep, too many or too large.
        """
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is str:
            self._spend(len(value))
            # Half of a surrogate pair is no text that could be sent.
            return clean(value)
        if kind is int:
            return value if abs(value) < 2**63 else {"i": self._digits(value)}
        if depth > self.depth:
            raise ChannelError(f"lists in lists deeper than {self.depth}")
        self.items -= 1
        if self.items < 0:
            raise ChannelError("too many items")
        if kind is np.float64:
            return {"F": float(value)}
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return self._scalar(value)
        return self._other(kind, value, depth + 1)

    def _other(self, kind: type, value: Any, depth: int) -> Any:
        for base, tag in _SEQUENCES.items():
            if kind is base:
                self.items -= len(value)
                if self.items < 0:
                    raise ChannelError("too many items")
                return {tag: [self.write(one, depth) for one in value]}
        if kind is dict:
            return {"d": [[self.write(k, depth), self.write(v, depth)] for k, v in value.items()]}
        if kind is complex:
            return {"c": [value.real, value.imag]}
        if kind is bytes or kind is bytearray:
            return {"b": self._blob(bytes(value))}
        if kind is slice:
            return {"S": [self.write(one, depth) for one in (value.start, value.stop, value.step)]}
        if kind is range:
            return {"R": [value.start, value.stop, value.step]}
        if value is Ellipsis:
            return {"e": 0}
        # Subclasses travel as what they are at bottom, as NumPy would take them.
        for base in (float, int, str, *_SEQUENCES, dict):
            if isinstance(value, base) and not hasattr(kind, "_fields"):
                return self.write(_plain(base, value), depth)
        if isinstance(value, tuple):
            return self.write(tuple(value), depth)
        return self.lend(value)

    def _array(self, value: Any) -> Any:
        array = np.asarray(value) if type(value) is not np.ndarray else value
        if not _DTYPE.match(array.dtype.str):
            return self.lend(value)
        self._spend(array.size * array.dtype.itemsize, blob=True)
        return {"a": [array.dtype.str, list(array.shape), self._blob(array.tobytes())]}

    def _scalar(self, value: Any) -> Any:
        array = np.asarray(value)
        if not _DTYPE.match(array.dtype.str):
            return self.lend(value)
        return {"g": [array.dtype.str, self._blob(array.tobytes())]}

    def _blob(self, content: bytes) -> int:
        self._spend(len(content))
        self.blobs.append(content)
        return len(self.blobs) - 1

    def _spend(self, count: int, blob: bool = False) -> None:
        if count > self.size:
            raise ChannelError(f"{count} bytes; there is room for {self.size}")
        if not blob:
            self.size -= count

    def _digits(self, value: int) -> str:
        if value.bit_length() > _MOST_BITS:
            raise ChannelError(f"a whole number of {value.bit_length()} bits")
        return hex(value)


_SEQUENCES: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "f"}
_PLAIN: dict[str, Callable[[Any], Any]] = {"l": list, "t": tuple, "s": set, "f": frozenset}


def _plain(base: type, value: Any) -> Any:
    """Return the built-in value inside one of a subclass, without asking the subclass."""
    if base is float:
        return float.__add__(value, 0.0) if value == value else float("nan")
    if base is int:
        return int.__add__(value, 0)
    if base is str:
        return str.__str__(value) if type(value) is str else str.__add__(value, "")
    if base is dict:
        return dict(dict.items(value))
    return base(base.__iter__(value))  # type: ignore[attr-defined]


class Reader:
    """Turns what a header holds into values, and trusts nothing about it.

    Parameters
    ----------
    borrow : callable
        Gets the number and the description of a lent thing and returns what is to stand for it.
    returned : callable
        Gets the number of a thing that this end has lent and returns the thing.
    depth, items : int

    Examples
    --------
    >>> reader = Reader(lambda number, told: None, {}.__getitem__, depth=5, items=50)
    >>> reader.read({"t": [1, {"a": ["<f8", [2], 0]}]}, [np.arange(2.0).tobytes()])
    (1, array([0., 1.]))
    >>> reader.read({"a": ["|O", [1], 0]}, [b"12345678"])
    Traceback (most recent call last):
        ...
    autograder.channel.ChannelError: no such value: an array of dtype '|O'
    """

    def __init__(
        self,
        borrow: Callable[[int, dict[str, Any]], Any],
        returned: Callable[[int], Any],
        depth: int,
        items: int,
        generators: bool = False,
    ) -> None:
        self.borrow = borrow
        self.returned = returned
        self.depth = depth
        self.items = items
        self.generators = generators

    def read(self, told: Any, blobs: list[bytes]) -> Any:
        """Return the value.

        Raises
        ------
        ChannelError
            If it is none.
        """
        self._left = self.items
        # Who keeps to the rules mentions each of the bytes that were sent once.
        self._bytes = sum(map(len, blobs))
        try:
            return self._read(told, blobs, 0)
        except ChannelError:
            raise
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, MemoryError) as error:
            raise ChannelError(f"no such value: {type(error).__name__}") from None

    def _read(self, told: Any, blobs: list[bytes], depth: int) -> Any:
        if isinstance(told, str):
            return clean(told)
        if told is None or isinstance(told, bool | int | float):
            return told
        self._left -= 1
        if depth > self.depth or self._left < 0:
            raise ChannelError("no such value: too deep, or too many items")
        if not isinstance(told, dict) or len(told) != 1:
            raise ChannelError("no such value: untagged")
        ((tag, inner),) = told.items()
        if tag in _PLAIN:
            made = [self._read(one, blobs, depth + 1) for one in inner]
            return _PLAIN[tag](_told_apart(made) if tag in "sf" else made)
        if tag == "d":
            pairs = [
                (self._read(k, blobs, depth + 1), self._read(v, blobs, depth + 1)) for k, v in inner
            ]
            _told_apart([key for key, _ in pairs])
            return dict(pairs)
        if tag == "a":
            dtype, shape, place = inner
            array = _array_of(dtype, shape, place, blobs)
            self._bytes -= array.nbytes
            if self._bytes < 0 or max(array.shape, default=0) > max(self.items, array.size):
                raise ChannelError("no such value: one array mentioned again and again")
            return array
        if tag == "g":
            dtype, place = inner
            return _array_of(dtype, [], place, blobs)[()]
        if tag == "F":
            return np.float64(float(inner))
        if tag == "i":
            if not isinstance(inner, str) or len(inner) > _MOST_BITS // 4 + 3:
                raise ChannelError("no such value: a whole number")
            return int(inner, 16)
        if tag == "c":
            return complex(float(inner[0]), float(inner[1]))
        if tag == "b":
            return _blob_of(inner, blobs)
        if tag == "S":
            return slice(*(self._read(one, blobs, depth + 1) for one in inner))
        if tag == "R":
            numbers = range(*(int(one) for one in inner))
            self._left -= len(numbers)
            if self._left < 0:
                raise ChannelError("no such value: too many items")
            return numbers
        if tag == "e":
            return Ellipsis
        if tag == "h":
            number, description = inner
            return self.borrow(int(number), description)
        if tag == "H":
            return self.returned(int(inner))
        if tag == "u" and isinstance(getattr(np, str(inner), None), np.ufunc):
            return getattr(np, inner)
        if tag == "r" and self.generators:
            return _generator_of(*inner)
        raise ChannelError(f"no such value: {tag!r:.20}")


def _told_apart(values: list[Any]) -> list[Any]:
    """Return values if they can be put into a set: too many of one hash would take for ever."""
    if len(values) > _MOST_ALIKE and len(values) - len({*map(_hashed, values)}) > _MOST_ALIKE:
        raise ChannelError("no such value: too many that are alike")
    return values


def _hashed(value: Any) -> str:
    return str(hash(value))


def _blob_of(place: Any, blobs: list[bytes]) -> bytes:
    if type(place) is not int or not 0 <= place < len(blobs):
        raise ChannelError("no such value: bytes that were not sent")
    return blobs[place]


def _array_of(dtype: Any, shape: Any, place: Any, blobs: list[bytes]) -> np.ndarray:
    if not isinstance(dtype, str) or not _DTYPE.match(dtype):
        raise ChannelError(f"no such value: an array of dtype {dtype!r:.20}")
    content = _blob_of(place, blobs)
    if len(shape) > _MOST_DIMENSIONS or not all(type(n) is int and n >= 0 for n in shape):
        raise ChannelError("no such value: an array of no shape")
    kind = np.dtype(dtype)
    if not kind.itemsize:
        raise ChannelError("no such value: an array of nothing")
    count = 1
    for n in shape:
        count *= n
    if count * kind.itemsize != len(content):
        raise ChannelError("no such value: an array whose shape and bytes do not agree")
    if kind.kind == "b" and content.strip(b"\x00\x01"):
        raise ChannelError("no such value: truth values that are neither true nor false")
    # A copy: what comes from bytes cannot be written to.
    array: np.ndarray = np.ndarray(tuple(shape), kind, buffer=content).copy()
    if kind.kind == "U" and content:
        points = np.frombuffer(content, np.dtype(f"{kind.byteorder}u4"))
        if points.max(initial=0) > 0x10FFFF or ((points >= 0xD800) & (points < 0xE000)).any():
            raise ChannelError("no such value: text that is no Unicode")
    return array


#: NumPy has one object for each usual dtype; another machine's byte order has another.
_FLOATS = np.dtype(np.float64)


def _floats_of(content: bytes) -> np.ndarray:
    """Return the array in a quick frame."""
    dimensions = content[0] if content else _QUICK_DIMENSIONS + 1
    start = 1 + 4 * dimensions
    if dimensions > _QUICK_DIMENSIONS or len(content) < start:
        raise ChannelError("a message that is no message")
    shape = struct.unpack_from(f"!{dimensions}I", content, 1)
    if math.prod(shape) * _FLOATS.itemsize != len(content) - start:
        raise ChannelError("no such value: an array whose shape and bytes do not agree")
    try:
        array: np.ndarray = np.ndarray(shape, _FLOATS, buffer=content, offset=start)
    except (ValueError, OverflowError):  # no numbers, of an impossible shape
        raise ChannelError("no such value: an array of no shape") from None
    return array.copy()


def _generator_of(name: str, state: str) -> np.random.Generator:
    bits = getattr(np.random, name)()
    bits.state = json.loads(state)
    return np.random.Generator(bits)
