"""Which files git knows of, by the options of `git ls-files` and `git diff --name-only`."""

import subprocess
from pathlib import Path


def listed(root: Path, *command: str) -> list[Path]:
    """Return the files that a command of git names, those that still exist.

    Parameters
    ----------
    root : Path
        Where git is asked.
    *command : str
        Its words after `git`; the names come apart by zeros.
    """
    done = subprocess.run(
        ["git", *command, "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    # One that was deleted is still listed.
    return [root / name for name in done.stdout.split("\0") if name and (root / name).is_file()]
