"""What the tests of the book share: tiny books, built sites, one server."""

from __future__ import annotations

import functools
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import book

# Sphinx finds the extensions by this path, too.
sys.path.insert(0, str(ROOT / "_ext"))

FRONT_MATTER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""

BookMaker = Callable[..., Path]


def lay_out_book(folder: Path, chapter: str, config: Callable[[str], str] = str) -> Path:
    """Write a book of one chapter that uses the real configuration and extensions."""
    shutil.copytree(ROOT / "_ext", folder / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "assets", folder / "assets")
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    (folder / "_config.yml").write_text(config(settings), encoding="utf-8")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n  - caption: Part\n    numbered: true\n"
        "    chapters:\n      - file: chapters/one\n",
        encoding="utf-8",
    )
    (folder / "references.bib").write_text(
        "@book{taylor, author={Brook Taylor}, title={Methodus}, year={1715}, publisher={Innys}}\n",
        encoding="utf-8",
    )
    (folder / "index.md").write_text("# Tiny\n\nA tiny book.\n", encoding="utf-8")
    (folder / "chapters").mkdir()
    (folder / "chapters" / "one.md").write_text(chapter, encoding="utf-8")
    return folder


@pytest.fixture
def tiny_book(tmp_path: Path) -> BookMaker:
    """Return a function that writes a tiny book from the text of its chapter."""

    def make(text: str, config: Callable[[str], str] = str) -> Path:
        return lay_out_book(tmp_path / "book", FRONT_MATTER + text, config)

    return make


@pytest.fixture(scope="session")
def built_book() -> Path:
    """Return the pages of the real book, built now if they are stale."""
    assert book.build(quiet=True) == 0, "the book does not build; the reason is printed above"
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def built_sampler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of a small book that shows every kind of thing a chapter may hold."""
    folder = tmp_path_factory.mktemp("sampler") / "book"
    chapter = (ROOT / "tests" / "book" / "sampler.md").read_text(encoding="utf-8")
    lay_out_book(folder, chapter)
    assert book.build(folder, quiet=True) == 0, "the sampler does not build"
    return folder / "_build" / "html"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and keeps silent about it."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Return a function that serves a folder on the loopback and gives its address."""
    servers: dict[Path, ThreadingHTTPServer] = {}
    threads = []

    def start(folder: Path) -> str:
        if folder not in servers:
            handler = functools.partial(QuietHandler, directory=str(folder))
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            servers[folder] = server
            threads.append(thread)
        return f"http://127.0.0.1:{servers[folder].server_address[1]}/"

    yield start
    for server in servers.values():
        server.shutdown()
        server.server_close()
    for thread in threads:
        thread.join()
