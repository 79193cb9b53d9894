"""All processes agree about the tests: which there are, and which stay together."""

import os

import pytest


def test_tests_that_share_what_takes_long_to_prepare_run_in_one_process(request):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is only one process here")
    # pytest-xdist knows a group by the end of the name; a version that does not write it there
    # builds the book and grades the demonstration once in each process.
    assert request.node.nodeid.endswith("@tests/tools/test_together.py")


@pytest.mark.parametrize("content", [b"PK\x03\x04 a time of day", b"PK\x03\x04 another"])
def test_bytes_are_no_part_of_a_tests_name(request, content):
    # An archive with the time of its making gave the test another name in each process, and
    # pytest-xdist then runs nothing at all.
    assert "content" in request.node.nodeid
    assert "PK" not in request.node.nodeid
