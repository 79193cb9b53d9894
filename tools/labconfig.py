"""JupyterLab's settings for whoever learns: with `make lab`, and with the handout."""

import json
from pathlib import Path

#: Parts of nbgrader that are the instructor's, or need an exchange; its Validate button stays.
_NOT_FOR_LEARNERS = ("assignment-list", "course-list", "create-assignment", "formgrader", "menu")

#: The files, by their names in a folder of Jupyter's configuration.
FILES: dict[str, dict[str, object]] = {
    "labconfig/default_setting_overrides.json": {
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
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
    },
    "labconfig/page_config.json": {
        "disabledExtensions": {f"@jupyter/nbgrader:{part}": True for part in _NOT_FOR_LEARNERS}
    },
    # Read after nbgrader.json, which turns all of them on.
    "jupyter_server_config.d/nnlib.json": {
        "ServerApp": {
            "jpserver_extensions": {
                f"nbgrader.server_extensions.{part}": False
                for part in ("assignment_list", "course_list", "formgrader")
            }
        }
    },
}


def write(folder: Path) -> list[Path]:
    """Write the files below a folder and return their paths in it."""
    for name, settings in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    return [Path(name) for name in FILES]
