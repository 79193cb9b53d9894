"""`make lab`: JupyterLab on the students' notebooks, with chapters that open as notebooks."""

import json
import os
import sys
from pathlib import Path

from tools.release import ROOT

#: JupyterLab's settings for the course.
SETTINGS = {
    # A double click on a chapter opens it as a notebook.
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    },
    # Draw cells outside the window, too: a check's answer is there before one scrolls to it.
    # There is one kernel: nobody needs to be asked which.
    "@jupyterlab/notebook-extension:tracker": {
        "windowingMode": "none",
        "autoStartDefaultKernel": True,
    },
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def environment(folder: Path) -> dict[str, str]:
    """Return the environment for JupyterLab, having written its settings below `folder`.

    Parameters
    ----------
    folder : Path
        Somewhere that git does not track.
    """
    overrides = folder / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text(json.dumps(SETTINGS), encoding="utf-8")
    paths = [str(folder), *os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)]
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {
        **os.environ,
        "PATH": programs,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths)),
    }


def command(release: Path, *options: str) -> list[str]:
    """Return the command that starts JupyterLab on `release`."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={release.resolve()}",
        *options,
    ]


def main() -> int:
    """Run as a command; its arguments are JupyterLab's."""
    env = environment(ROOT / "_build" / "lab")
    arguments = command(ROOT / "course" / "release", *sys.argv[1:])
    os.execvpe(arguments[0], arguments, env)


if __name__ == "__main__":
    sys.exit(main())
