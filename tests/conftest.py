"""Fast tests first; what several tests need is made once."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Folders whose tests build, grade or browse, in the order in which they run, after all others.
SLOW = ("tests/solutions", "tests/book", "tests/lab")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders last; within one rank the order stays."""

    def rank(item: pytest.Item) -> int:
        place = item.path.relative_to(ROOT).as_posix()
        return next((n for n, folder in enumerate(SLOW, 1) if place.startswith(folder)), 0)

    items.sort(key=rank)
