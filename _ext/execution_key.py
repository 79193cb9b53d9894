"""Run each page's cells once, on all cores, and again when what they use has changed.

The execution cache looks up stored outputs by the text of the cells alone, so after a change in the
library a chapter would go on showing what the old library printed. Here each page gets a key, a
digest of everything else that decides its outputs: the modules that its cells import, the packages'
versions, the kernel's settings and what `execution_key_pages` names besides. The key is written
into the page's header as Sphinx reads it, where the cache takes it for a part of the kernel's name.
A page whose key has changed is read again; before Sphinx reads any, those without stored outputs
are run side by side, the longest first.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import import_graph
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.cache.db import NbCacheRecord
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
KERNEL_SETTINGS = HERE / "kernel"
#: A page's header up to the end of its kernel's display name.
HEADER = re.compile(r"\A---\n(?:(?!---\n).*\n)*?kernelspec:\n  display_name: .*")
#: How many executed pages the cache keeps, older versions among them.
KEPT = 100


def source_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield every file that counts: compiled ones do not, nor does what does not exist."""
    for path in paths:
        if path.is_dir():
            yield from (
                file
                for file in path.rglob("*")
                if file.is_file() and "__pycache__" not in file.parts
            )
        elif path.is_file():
            yield path


def key_of(root: Path, page: str, besides: Iterable[str] = ()) -> str:
    """Return the digest of what decides a page's outputs besides its own text.

    Parameters
    ----------
    root : Path
        The book's folder.
    page : str
        The page's text.
    besides : iterable of str
        Files and folders below `root` that its cells read.
    """
    try:
        files = import_graph.used(root, import_graph.code_of(page))
    except SyntaxError:  # the cell will say it when it runs
        files = set()
    files |= {*source_files([*(root / name for name in besides), KERNEL_SETTINGS])}
    return import_graph.digest(files, f"{sys.version_info.major}.{sys.version_info.minor}")


def prepare_kernel(folder: Path) -> None:
    """Give the book's kernels the same settings on every machine.

    The reader's own IPython profile and matplotlib settings must not show in the pages, and one
    thread per kernel makes sums come out the same however many cores there are.
    """
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(
        KERNEL_SETTINGS / "ipython_kernel_config.py", profile / "ipython_kernel_config.py"
    )
    os.environ["IPYTHONDIR"] = str(folder)
    os.environ["MATPLOTLIBRC"] = str(KERNEL_SETTINGS / "matplotlibrc")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["OMP_NUM_THREADS"] = "1"


def choose_cache(app: Sphinx, config: Config) -> None:
    """Put the cache and the kernel's settings beside the pages."""
    # A changed extension changes the pages, though not what their cells print.
    config["extensions_key"] = import_graph.digest(source_files([HERE]))
    build = Path(app.outdir).resolve().parent
    config["nb_execution_cache_path"] = str(build / ".jupyter_cache")
    prepare_kernel(build / ".ipython")


def key(app: Sphinx, name: str, page: str) -> str:
    """Return the key of a page of the book."""
    besides = [*app.config.execution_key_paths, *app.config.execution_key_pages.get(name, ())]
    return key_of(Path(app.srcdir), page, besides)


def with_key(page: str, key: str) -> str:
    """Return a page's text with its key in the header, as the cache is to see it.

    It stands behind the kernel's display name, which nobody sees: the lines keep their numbers.
    """
    return HEADER.sub(lambda header: f"{header[0]} {key}", page, count=1)


def write_key(app: Sphinx, name: str, text: list[str]) -> None:
    """Change the text that Sphinx has just read."""
    if key := app.env.execution_page_keys.get(name):  # type: ignore[attr-defined]
        text[0] = with_key(text[0], key)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages whose key has changed since they were read."""
    keys = {
        name: key(app, name, text)
        for name in env.found_docs
        if HEADER.match(text := Path(env.doc2path(name)).read_text(encoding="utf-8"))
    }
    before = getattr(env, "execution_page_keys", {})
    env.execution_page_keys = keys  # type: ignore[attr-defined]
    return [name for name, one in keys.items() if one != before.get(name)]


# --- all pages at once ---------------------------------------------------------------------------


@dataclass(frozen=True)
class PageRun:
    """A page that is to be run.

    Attributes
    ----------
    name : str
    path : Path
    notebook : NotebookNode
    seconds : int
        After which a cell of it is given up.
    """

    name: str
    path: Path
    notebook: NotebookNode
    seconds: int

    def run(self) -> ExecutionResult:
        """Run all cells in a kernel of its own."""
        return single_nb_execution(
            self.notebook, cwd=str(self.path.parent), timeout=self.seconds, allow_errors=False
        )


def pages_to_run(
    env: BuildEnvironment, names: Iterable[str], cache: JupyterCacheAbstract
) -> Iterator[PageRun]:
    """Yield the pages of which the cache has no outputs."""
    for name in names:
        path = Path(env.doc2path(name))
        text = path.read_text(encoding="utf-8")
        if not HEADER.match(text):
            continue
        text = with_key(text, env.execution_page_keys[name])  # type: ignore[attr-defined]
        config: NbParserConfig = env.mystnb_config  # type: ignore[attr-defined]
        reader = create_nb_reader(str(path), env.myst_config, config, text)  # type: ignore[attr-defined]
        assert reader is not None
        notebook = reader.read(text)
        own = notebook.metadata.get(config.metadata_key, {})
        if own.get("execution_mode", config.execution_mode) == "cache" and not known(
            cache, notebook
        ):
            yield PageRun(
                name, path, notebook, own.get("execution_timeout", config.execution_timeout)
            )


def known(cache: JupyterCacheAbstract, notebook: NotebookNode) -> bool:
    """Tell whether the outputs are there; forget what an interrupted build left half written."""
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    try:
        cache.get_cache_bundle(record.pk)
    except (KeyError, ValueError):
        NbCacheRecord.remove_record(record.pk, cache.db)
        shutil.rmtree(Path(cache.path) / "executed" / record.hashkey, ignore_errors=True)
        return False
    return True


def run_side_by_side(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Run what has to be run on all cores; what fails is left to Sphinx, which says why."""
    cache = get_cache(app.config.nb_execution_cache_path)
    cache.change_cache_limit(KEPT)
    waiting = sorted(pages_to_run(env, names, cache), key=lambda page: -len(page.path.read_bytes()))
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        running = {cores.submit(page.run): page for page in waiting}
        for number, done in enumerate(as_completed(running), 1):
            page, result = running[done], done.result()
            logger.info("running pages... [%d of %d] %s", number, len(waiting), page.name)
            if result.err is None:
                cache.cache_notebook_bundle(
                    CacheBundleIn(
                        result.nb, str(page.path), data={"execution_seconds": result.time}
                    ),
                    check_validity=False,
                    overwrite=True,
                )


def write_side_by_side(app: Sphinx, env: BuildEnvironment) -> None:
    """Let Sphinx write on all cores, for which Jupyter Book has no option; it must read on one."""
    app.parallel = os.cpu_count() or 1


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("execution_key_paths", [], "", types=[list])
    app.add_config_value("execution_key_pages", {}, "", types=[dict])
    app.add_config_value("extensions_key", "", "env", types=[str])
    # Early, so that every other extension already sees the chosen folder.
    app.connect("config-inited", choose_cache, priority=100)
    app.connect("source-read", write_key)
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", run_side_by_side)
    app.connect("env-updated", write_side_by_side)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
