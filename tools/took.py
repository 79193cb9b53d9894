"""Runs a command, remembers how long it took, and shows it at the end of `make`.

- `python tools/took.py "the book" -m tools.book` runs that module and notes its time.
- `python tools/took.py --since 1760000000 "the packages"` notes the time since then.
- `python tools/took.py` shows the notes and throws them away.
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

NOTES = Path(__file__).resolve().parent.parent / "_build" / "took.json"


def words(seconds: float) -> str:
    """Say a time as a person would.

    Examples
    --------
    >>> words(0.2), words(48.6), words(171)
    ('under a second', '49 s', '2 min 51 s')
    """
    if seconds < 1:
        return "under a second"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def notes() -> dict[str, float]:
    """Return what has been noted since the last showing."""
    try:
        return dict(json.loads(NOTES.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):  # nothing yet, or a note that was interrupted
        return {}


def note(what: str, seconds: float) -> None:
    """Remember how long something took."""
    NOTES.parent.mkdir(parents=True, exist_ok=True)
    NOTES.write_text(json.dumps(notes() | {what: seconds}), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run as a command."""
    if not arguments:
        if found := notes():
            print("Took: " + ", ".join(f"{what} {words(one)}" for what, one in found.items()) + ".")
            NOTES.unlink()
        return 0
    if arguments[0] == "--since":
        note(arguments[2], time.time() - float(arguments[1]))
        return 0
    begun = time.monotonic()
    # Ctrl-C reaches the command as well, which puts things back and says what there is to say.
    signal.signal(signal.SIGINT, lambda *_: None)
    code = subprocess.run([sys.executable, *arguments[1:]], check=False).returncode
    if code == 0:
        note(arguments[0], time.monotonic() - begun)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
