"""A process with the imports done, which forks once for each submission.

It never runs a student's code itself. Commands come from the judge as one line each: `fork` (with
one end of a channel), `kill`, and the end of file. It answers with one line of JSON.
"""

import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from autograder import confine

#: What was put in place, by name, for `doctor` and for the judge's decision.
LAYERS = (
    "namespaces",
    "read-only files",
    "private folder",
    "another user",
    "landlock",
    "seccomp",
)


def main() -> None:
    """Run until the judge is gone; the settings are the program's last argument."""
    settings = json.loads(sys.argv[-1])
    control = socket.socket(fileno=int(settings["control"]))
    settings["adopts"] = False
    with contextlib.suppress(OSError):  # elsewhere than on Linux
        confine.die_with_parent(signal.SIGKILL)
        confine.adopt_orphans()
        settings["adopts"] = True
    sys.meta_path.insert(0, _KeptAway(settings["kept_away"]))
    if settings["imports"]:
        from autograder import workspace

        workspace.warm_up(settings["modules"])
    # Matplotlib holds its fonts open, and reads from them when it meets a new letter.
    settings["open"] = {number: _path_of(number) for number in range(256) if _is_open(number)}
    del settings["open"][control.fileno()]
    control.sendall(b'{"ready": true}\n')
    child = 0
    while True:
        command, ends = _command(control)
        answer: dict[str, Any] = {}
        if child:
            answer["ended"] = _end(child)
            child = 0
        if not command:
            return
        if command == b"fork":
            child = _fork(control, ends[0], settings)
            answer["child"] = child
            os.close(ends[0])
        control.sendall(f"{json.dumps(answer)}\n".encode())


class _KeptAway:
    """Says that a package is not there; what really keeps it away is that it cannot be read."""

    def __init__(self, names: list[str]) -> None:
        self.names = frozenset(names)

    def find_spec(self, name: str, *_: Any) -> None:
        """Raise for what is kept away, and leave the rest to others."""
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(
                f"No module named {name!r}: the course does not install it, so it is not here "
                "where your work is graded",
                name=name,
            )


def _command(control: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next line, or nothing at the end, and the open files that came with it.

    A stream, because macOS has no socket of messages; the judge waits for each answer, so nothing
    comes after the end of a line.
    """
    line = b""
    ends: list[int] = []
    while not line.endswith(b"\n"):
        part, more, _, _ = socket.recv_fds(control, 4096, 1)
        if not part:
            return b"", ends
        line += part
        ends += more
    return line.strip(), ends


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _path_of(number: int) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/self/fd/{number}")
    return ""


def _open_again(number: int, path: str) -> None:
    """Let an open file be this process's own: where it is read is shared with those after it."""
    if path.startswith("/"):
        own = os.open(path, os.O_RDONLY)
        os.lseek(own, os.lseek(number, 0, os.SEEK_CUR), os.SEEK_SET)
        os.dup2(own, number)
        os.close(own)
    elif path:
        os.close(number)


def _end(child: int) -> int:
    """End a workspace; return what it ended with if it had by itself, as in os.waitstatus."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return 0


def _fork(control: socket.socket, end: int, settings: dict[str, Any]) -> int:
    """Return the process that serves one submission.

    A process that leaves its process namespace stays outside the new one; only its child is in it.
    So there are two forks, and the one between reports the child's number and ends. A system that
    would not let us wait for the grandchild has no namespaces either: there one fork does.
    """
    if not settings["adopts"]:
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                control.close()
                _serve(end, settings, set())
            os._exit(0)
        return child
    answer, told = os.pipe()
    alone, gone = os.pipe()
    between = os.fork()
    if between:
        os.close(told)
        os.close(alone)
        with os.fdopen(answer) as pipe:
            number = pipe.read()
        os.waitpid(between, 0)
        with contextlib.suppress(BrokenPipeError), os.fdopen(gone, "wb") as pipe_:
            pipe_.write(b"x")  # from now on we are its parent, at whose end it ends
        return int(number or 0)
    with contextlib.suppress(BaseException):
        os.close(answer)
        control.close()
        layers = set()
        with contextlib.suppress(OSError):
            confine.own_namespaces(
                confine.NEWNS
                | confine.NEWPID
                | confine.NEWIPC
                | (0 if settings["inside"] else confine.NEWNET | confine.NEWUTS)
            )
            layers.add("namespaces")
        child = os.fork()
        if child:
            os.write(told, str(child).encode())
        else:
            os.close(told)
            os.close(gone)
            if os.read(alone, 1):
                confine.die_with_parent(signal.SIGKILL)
                _serve(end, settings, layers)
    os._exit(0)


def _serve(end: int, settings: dict[str, Any], layers: set[str]) -> None:
    limits = settings["limits"]
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    for number in range(3, 256):
        with contextlib.suppress(OSError):
            if number in settings["open"]:
                _open_again(number, settings["open"][number])
            elif number != end:
                os.close(number)
    private = settings["private"]
    if "namespaces" in layers:
        with contextlib.suppress(OSError):
            confine.mount_read_only()
            layers.add("read-only files")
        with contextlib.suppress(OSError):
            confine.mount_private(private, limits["disk"], ("/proc", "/dev/shm", "/sys"))
            layers.add("private folder")
    folder = Path(private) / "work"
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    os.environ["HOME"] = str(folder)
    os.environ["TMPDIR"] = str(folder)
    with contextlib.suppress(OSError):
        confine.no_new_privileges()
        confine.restrict_files(settings["readable"], [private, "/dev/null"], settings["listed"])
        layers.add("landlock")
    if settings["adopts"] and os.getuid() == 0 and "namespaces" not in layers:
        parent = os.getppid()
        with contextlib.suppress(OSError):
            confine.become_nobody(private, settings["readable"])
            layers.add("another user")
        confine.die_with_parent(signal.SIGKILL)  # forgotten with the number
        if os.getppid() != parent:
            return
    with contextlib.suppress(OSError):  # elsewhere than on Linux
        confine.drop_capabilities()
    confine.limit_resources(
        memory=limits["memory"],
        file_size=limits["file_size"],
        open_files=limits["open_files"],
        cpu_seconds=int(limits["seconds_per_submission"]) + 1,
        processes=limits.get("processes", 256),
    )
    with contextlib.suppress(OSError):
        confine.filter_system_calls(own_files={"read-only files", "private folder"} <= layers)
        layers.add("seccomp")
    from autograder import workspace

    workspace.serve(socket.socket(fileno=end), limits, sorted(layers))
