"""Re-run the chapters when the code they import has changed.

The execution cache looks up stored outputs by the text of the cells alone, so after a change in the
library a chapter would go on showing what the old library printed. Here the cache gets a folder
whose name is a digest of everything else that decides the outputs. The same digest is a
configuration value that Sphinx compares between builds: when it changes, every chapter is read (and
so executed) again.

A page that computes from more than that, as the certificate does from the solutions, is named in
`execution_key_pages` with its further inputs, and asks in its front matter to be executed whenever
it is read. It is read when one of them has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

KERNEL_SETTINGS = Path(__file__).parent / "kernel"


def source_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield every file that counts, in a fixed order; compiled files do not count."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and "__pycache__" not in file.parts
            )
        elif path.is_file():
            yield path


def digest(paths: Iterable[Path]) -> str:
    """Return a short digest of the names and contents of files and folders.

    Parameters
    ----------
    paths : iterable of Path
        Files, or folders that are walked. What does not exist is passed over.

    Returns
    -------
    str
        Sixteen hexadecimal digits, the same on every machine with the same Python release.
    """
    state = hashlib.sha256(f"{sys.version_info.major}.{sys.version_info.minor}".encode())
    for root in paths:
        for file in source_files([root]):
            name = file.relative_to(root.parent).as_posix()
            content = file.read_bytes()
            # The lengths keep two neighbouring files from running into each other.
            state.update(f"\0{name}\0{len(content)}\0".encode())
            state.update(content)
    return state.hexdigest()[:16]


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
    """Point the cache at the folder of the present digest and drop the older ones."""
    root = Path(app.srcdir)
    key = digest([*(root / name for name in config.execution_key_paths), KERNEL_SETTINGS])
    config["execution_key"] = key
    # A changed extension changes the pages, though not what their cells print.
    config["extensions_key"] = digest([Path(__file__).parent])
    build = Path(app.outdir).resolve().parent
    caches = build / ".jupyter_cache"
    if caches.is_dir():
        for entry in caches.iterdir():
            if entry.name != key:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    config["nb_execution_cache_path"] = str(caches / key)
    prepare_kernel(build / ".ipython")


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages whose further inputs have changed since they were read."""
    root = Path(app.srcdir)
    keys = {
        page: digest(root / name for name in inputs)
        for page, inputs in app.config.execution_key_pages.items()
    }
    before = getattr(env, "execution_page_keys", {})
    env.execution_page_keys = keys  # type: ignore[attr-defined]
    return [page for page in keys if page in env.found_docs and keys[page] != before.get(page)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("execution_key_paths", [], "", types=[list])
    app.add_config_value("execution_key_pages", {}, "", types=[dict])
    app.add_config_value("execution_key", "", "env", types=[str])
    app.add_config_value("extensions_key", "", "env", types=[str])
    # Early, so that every other extension already sees the chosen folder.
    app.connect("config-inited", choose_cache, priority=100)
    app.connect("env-get-outdated", outdated)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
