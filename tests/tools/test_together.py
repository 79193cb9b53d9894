"""What is prepared once is used in one process."""

import os

import pytest


def test_tests_that_share_what_takes_long_to_prepare_run_in_one_process(request):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is only one process here")
    # pytest-xdist knows a group by the end of the name; a version that does not write it there
    # builds the book and grades the demonstration once in each process.
    assert request.node.nodeid.endswith("@tests/tools/test_together.py")
