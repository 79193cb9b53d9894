"""A Jupyter server, and pages of the one browser to look at it with."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def jupyter(command: list[str], env: Mapping[str, str], home: Path) -> Iterator[str]:
    """Run a server with the token "lab" and return its address, on a port that the system chose."""
    runtime = home / "runtime"
    own = {
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    options = ["--no-browser", "--port=0", "--IdentityProvider.token=lab"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    log = home / "log"
    with log.open("w") as said:
        server = subprocess.Popen(
            [*command, *options], env={**env, **own}, cwd=home, stdout=said, stderr=said
        )
    try:
        yield _started(server, runtime, log)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(runtime, ignore_errors=True)


def _started(server: subprocess.Popen, runtime: Path, log: Path) -> str:
    """Wait until the server answers; give up when it has ended."""
    while server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                url = json.loads(file.read_text())["url"]
                with urllib.request.urlopen(f"{url}api/status?token=lab", timeout=60):
                    return url
            except (urllib.error.URLError, json.JSONDecodeError):
                continue
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail(f"Jupyter ended:\n{log.read_text()}")


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(60_000)
    page = context.new_page()
    yield page
    context.close()
