"""Only data travels, whole and unchanged, and nothing that a stranger sends is believed."""

import contextlib
import json
import socket
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.channel import Channel, ChannelError, Closed, Late, Reader, Writer

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text("abc"), inner)
    ),
    max_leaves=20,
)
ARRAYS = hnp.arrays(
    hnp.integer_dtypes()
    | hnp.floating_dtypes()
    | hnp.complex_number_dtypes()
    | hnp.boolean_dtypes(),
    hnp.array_shapes(min_dims=0, min_side=0),
)

QUICK_ARRAYS = hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))


def there_and_back(value):
    writer = Writer(lambda one: pytest.fail(f"lent {one!r}"), depth=50, items=10_000, size=1 << 20)
    told = json.loads(json.dumps(writer.write(value)))
    return reader().read(told, writer.blobs)


def reader():
    return Reader(lambda number, told: (number, told), {}.__getitem__, depth=50, items=10_000)


@given(VALUES)
def test_a_value_arrives_as_it_was_sent(value):
    assert repr(there_and_back(value)) == repr(value)


@given(ARRAYS)
def test_an_array_arrives_with_its_type_shape_and_bytes(array):
    arrived = there_and_back(array)
    assert (arrived.dtype, arrived.shape) == (array.dtype, array.shape)
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.writeable


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from([*"ltsfdagicbSRehHurF", "zz"]), inner)
        ),
    )
)
def test_whatever_is_sent_the_reader_answers_or_refuses(told):
    with contextlib.suppress(ChannelError):
        reader().read(told, [b"12345678"])


@pytest.mark.parametrize(
    "told",
    [
        {"a": ["|O", [1], 0]},
        {"a": ["<M8[s]", [1], 0]},
        {"a": ["<f8", [2], 0]},
        {"a": ["<f8", [-1], 0]},
        {"a": ["<f8", [10**30, 0], 0]},
        {"a": ["<f8", [1] * 65, 0]},
        {"a": ["<U2", [1], 0]},
        {"a": ["|b1", [8], 0]},
        {"u": "load"},
        {"u": "__class__"},
        {"r": ["PCG64", "{}"]},
        {"H": 5},
        {"i": "9" * 100_000},
    ],
)
def test_a_value_that_lies_about_itself_is_refused(told):
    with pytest.raises(ChannelError):
        reader().read(told, [b"\xff" * 8])


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("!II", 2**32 - 2, 10),
        # One that calls itself quick and is not, and so was not checked as such.
        struct.pack("!II", 14, 14) + b'{"op":"quick"}',
        # Quick: too long, of no kind, a number of 4 bytes, arrays that lie about their shape.
        struct.pack("!IIQB", 2**32 - 1, 2**31, 1, 0) + b"x" * 8,
        struct.pack("!IIQB", 2**32 - 1, 8, 1, 9) + b"x" * 8,
        struct.pack("!IIQB", 2**32 - 1, 4, 1, 0) + b"x" * 4,
        struct.pack("!IIQB", 2**32 - 1, 0, 1, 2),
        struct.pack("!IIQB", 2**32 - 1, 1, 1, 2) + b"\x04",
        struct.pack("!IIQB", 2**32 - 1, 1, 1, 2) + b"\xff",
        struct.pack("!IIQBBI", 2**32 - 1, 13, 1, 2, 1, 2) + b"x" * 8,
        struct.pack("!IIQBBIIII", 2**32 - 1, 17, 1, 2, 4, 0, *[2**32 - 1] * 3),
        struct.pack("!II", 5, 10) + b"x" * 10,
        struct.pack("!II", 4, 4) + b"\xff\xff\xff\xff",
        struct.pack("!II", 4, 4) + b"[[[[",
        struct.pack("!II", 4, 4) + b"1234",
        struct.pack("!II", 100_000, 100_000) + b"[" * 100_000,
        struct.pack("!II", 13, 13) + b'{"blobs":[9]}',
    ],
)
def test_a_frame_that_is_none_is_refused(frame):
    here, there = socket.socketpair()
    with here, there:
        there.sendall(frame)
        with pytest.raises(ChannelError):
            Channel(here, 1 << 20).receive(5)


@given(st.floats() | st.floats().map(np.float64) | QUICK_ARRAYS, st.integers(0, 2**64 - 1))
def test_a_number_or_a_small_array_of_floats_goes_quickly_and_arrives_as_it_was(value, number):
    here, there = socket.socketpair()
    with here, there:
        assert Channel(here, 1 << 20).send_quick(number, value)
        header, blobs = Channel(there, 1 << 20).receive(5)
    arrived = header["value"]
    assert (header["op"], header["h"], blobs) == ("quick", number, [])
    assert type(arrived) is type(value)
    assert np.asarray(arrived).shape == np.asarray(value).shape
    assert np.asarray(arrived).tobytes() == np.asarray(value).tobytes()
    if isinstance(value, np.ndarray):
        assert arrived.flags.writeable


class Liar(float):
    """A float that may say anything of itself."""


@pytest.mark.parametrize(
    "value",
    [
        *(1, True, "1", None, [1.0], Liar(1), np.float32(1), np.int64(1)),
        *(np.ones(2, np.float32), np.ones(2, ">f8"), np.ones((1,) * 5), np.ones(5000)),
        np.ones(2).view(np.recarray),
    ],
    ids=repr,
)
def test_anything_else_is_left_to_the_ordinary_frame(value):
    here, there = socket.socketpair()
    with here, there:
        assert not Channel(here, 1 << 20).send_quick(1, value)


@given(st.binary(max_size=40))
def test_whatever_follows_the_head_of_a_quick_frame_is_a_value_or_refused(content):
    here, there = socket.socketpair()
    with here, there:
        there.sendall(struct.pack("!IIQB", 2**32 - 1, len(content), 1, 2) + content)
        with contextlib.suppress(ChannelError):
            assert Channel(here, 1 << 20).receive(5)[0]["value"].dtype == np.float64


def test_who_does_not_answer_is_late_and_who_is_gone_is_gone():
    here, there = socket.socketpair()
    with here:
        channel = Channel(here, 1000)
        with pytest.raises(Late):
            channel.receive(0.01)
        there.close()
        with pytest.raises(Closed):
            channel.receive(5)


def test_a_list_that_holds_itself_is_refused():
    again = []
    again.append(again)
    with pytest.raises(ChannelError, match="deeper"):
        there_and_back(again)
