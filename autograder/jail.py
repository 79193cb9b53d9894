"""Finds out what this machine can put between a student's code and everything else.

There are two ways to start the workspaces. In *bubblewrap* the process that forks them sees no
file but the system's own, read-only, and no network; each child then gets namespaces of its own.
Without bubblewrap the child relies on Landlock for files and on seccomp for the rest. What is there
is not looked up but tried: a child is started, and asked to break out.
"""

import functools
import json
import os
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import library, packages
from autograder.channel import Channel, ChannelError
from autograder.settings import Limits
from autograder.temporary import Folder

#: The folder that the jail shows the library in, and the one that each child has to itself.
_LIBRARY, _PRIVATE = "/jail", ("/tmp", "/jail-private")
_START = "import sys; sys.path.insert(0, sys.argv[1]); from autograder import zygote; zygote.main()"
#: Seconds in which the imports must be done.
IMPORTS = 120.0
#: Parts of the system that programs need; each is shown if it is there.
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "alternatives")


class NoJail(RuntimeError):
    """The machine cannot jail students' code well enough; the message says what to do."""


@dataclass(frozen=True)
class Protection:
    """What was found to work here.

    Attributes
    ----------
    bubblewrap : str
        The program, or nothing.
    layers : frozenset of str
        What the child put in place; some of `zygote.LAYERS`.
    escaped : tuple of str
        What a child could do that it must not.
    reasons : tuple of str
        What could not be used, and why.
    held : tuple of str
        What a child tried to do, and could not.
    """

    bubblewrap: str
    layers: frozenset[str]
    escaped: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def sufficient(self) -> bool:
        """Whether students' code may run."""
        strong = self.bubblewrap or {"landlock", "seccomp"} <= self.layers
        return bool(strong) and not self.escaped

    @property
    def shared(self) -> bool:
        """Whether one process may fork for several submissions, one after the other."""
        alone = {"namespaces", "private folder"} <= self.layers
        return alone or not (self.bubblewrap or self.sufficient)

    def __str__(self) -> str:
        outer = "bubblewrap" if self.bubblewrap else "no bubblewrap"
        inner = ", ".join(sorted(self.layers)) or "nothing"
        lines = [f"{outer}; in each workspace: {inner}, rlimits"]
        lines += [f"not used: {reason}" for reason in self.reasons]
        lines += [f"tried in a workspace, and refused: {what}" for what in self.held]
        lines += [f"tried in a workspace, and NOT REFUSED: {what}" for what in self.escaped]
        return "\n".join(lines)


@dataclass
class Started:
    """A zygote that runs: its process and the socket for commands."""

    process: "subprocess.Popen[bytes]"
    control: socket.socket

    def command(self, word: bytes, ends: Sequence[int] = ()) -> dict[str, Any]:
        """Send a command and return the answer."""
        socket.send_fds(self.control, [word + b"\n"], list(ends))
        answer = _line(self.control)
        if not answer:
            raise ChannelError("the process that starts workspaces has ended")
        return dict(json.loads(answer))

    def stop(self) -> None:
        """End it, and what it started."""
        self.control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _line(control: socket.socket) -> bytes:
    """Return the next line of the process that starts workspaces, or nothing if it has ended."""
    line = b""
    while not line.endswith(b"\n"):
        part = control.recv(4096)
        if not part:
            return b""
        line += part
    return line


@functools.cache
def readable() -> tuple[str, ...]:
    """Return the folders that Python and its packages are read from."""
    found = [*_SYSTEM, *(f"/etc/{name}" for name in _ETC), sys.base_prefix, sys.prefix]
    found += [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    found += [sysconfig.get_path("platlib"), str(Path(sys.executable).resolve().parent.parent)]
    return tuple(dict.fromkeys(path for path in found if os.path.exists(path)))


def _finer(roots: Sequence[str], allowed: frozenset[Path]) -> list[str]:
    """Return what may be read below some roots: of the folders of packages, what is allowed.

    Landlock takes nothing out of what it has allowed, so what lies beside is named piece by piece.
    """
    hidden = packages.folders(roots)
    above = {folder for one in hidden for folder in one.parents}
    found: list[str] = [str(path) for path in sorted(allowed)]
    todo = [Path(root) for root in roots]
    seen: set[Path] = set(hidden)
    while todo:
        path = todo.pop().resolve()  # a link leads to all that is there
        if path in seen:
            continue
        seen.add(path)
        if path in above:
            todo += path.iterdir()
        else:
            found.append(str(path))
    return found


def _installed_copies() -> list[str]:
    """Return the folders of site-packages that hold the book's library and checks in full."""
    return [
        str(path)
        for place in {*site.getsitepackages(), sysconfig.get_path("purelib")}
        for path in (Path(place) / library.PACKAGE, Path(place) / library.CHECKS)
        if path.is_dir()
    ]


def _bubblewrap(program: str, folder: Path, allowed: frozenset[Path]) -> list[str]:
    command = [program, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    command += [
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--hostname",
        "workspace",
    ]
    for path in readable():
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind", path, path]
    for place in packages.folders(path for path in readable() if not os.path.islink(path)):
        command += ["--tmpfs", str(place)]
        for one in sorted(path for path in allowed if path.parent == place):
            command += ["--ro-bind", str(one), str(one)]
        command += ["--remount-ro", str(place)]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    private = _private()
    command += ["--size", str(16 << 20), "--tmpfs", private, "--dir", f"{private}/matplotlib"]
    for fonts in _font_lists():
        command += ["--ro-bind", str(fonts), f"{private}/matplotlib/{fonts.name}"]
    command += ["--ro-bind", str(folder), _LIBRARY, "--remount-ro", "/", "--chdir", "/", "--"]
    return command


def _private() -> str:
    """Return where each child has its own folder: not on top of what it must read."""
    usual, other = _PRIVATE
    return other if any(path.startswith(f"{usual}/") for path in readable()) else usual


def _font_lists() -> list[Path]:
    """Return Matplotlib's lists of fonts; making one anew takes seconds."""
    import matplotlib as mpl

    return list(Path(mpl.get_cachedir()).glob("fontlist-*.json"))


def start(
    folder: Path,
    limits: Limits,
    program: str,
    private: Path,
    *,
    imports: bool = True,
    modules: Sequence[str] = (),
    installs: Sequence[str] = packages.STUDENTS,
) -> Started:
    """Start the process that forks workspaces.

    Parameters
    ----------
    folder : Path
        From `library.build`.
    limits : Limits
    program : str
        bubblewrap, or nothing.
    private : Path
        A folder of its own for a workspace that has no bubblewrap round it.
    imports : bool
        Whether to import what students need; only `probe` does without.
    modules : sequence of str
        What else is imported then, if there is such a thing.
    installs : sequence of str
        The packages that students may import, with all that these need.
    """
    allowed = packages.installed(tuple(installs))
    ours, theirs = socket.socketpair()
    inside = bool(program)
    seen = _LIBRARY if inside else str(folder)
    settings = {
        "control": theirs.fileno(),
        "imports": imports,
        "modules": list(modules),
        "inside": inside,
        "private": _private() if inside else str(private),
        "listed": [*readable(), seen],
        "readable": [*_finer(readable(), allowed), seen, "/dev/urandom", "/dev/zero", "/dev/null"],
        "kept_away": packages.kept_away(allowed),
        "limits": limits.as_data(),
    }
    configured = f"{_private()}/matplotlib" if inside else str(private / "matplotlib")
    environment: dict[str, str] = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": _private() if inside else str(private),
        "MPLCONFIGDIR": configured,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    if not inside:
        if os.geteuid() == 0:  # the workspace will be nobody's, and must find its way
            for place in {folder.parent, private.parent}:
                place.chmod(0o711)
        Path(configured).mkdir(parents=True, exist_ok=True)
        for fonts in _font_lists():
            shutil.copyfile(fonts, Path(configured) / fonts.name)
    python = [sys.executable, "-I", "-B", "-c", _START, seen, json.dumps(settings)]
    process = subprocess.Popen(
        [*(_bubblewrap(program, folder, allowed) if inside else ()), *python],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=[theirs.fileno()],
        start_new_session=True,
    )
    theirs.close()
    assert process.stderr is not None
    ours.settimeout(IMPORTS)
    if not _line(ours):
        said = process.stderr.read().decode(errors="replace").strip().splitlines()
        process.wait()
        process.stderr.close()
        ours.close()
        raise ChannelError(said[-1] if said else f"it ended with status {process.returncode}")
    process.stderr.close()
    return Started(process, ours)


@contextmanager
def _child(started: Started) -> Iterator[Channel]:
    here, there = socket.socketpair()
    try:
        started.command(b"fork", [there.fileno()])
        there.close()
        yield Channel(here, 1 << 20)
        started.command(b"kill")
    finally:
        there.close()
        here.close()


def _try(program: str) -> tuple[frozenset[str], dict[str, bool]]:
    """Start a child and let it try to break out; return its layers, and whether each try went."""
    with Folder() as folder:
        place = library.build(folder / "library", {}, package="")
        private = folder / "private"
        private.mkdir()
        secret = folder / "secret"
        secret.write_text("nobody's business")
        started = start(place, Limits(), program, private, imports=False)
        try:
            with _child(started) as channel:
                channel.send({"op": "probe", "secret": str(secret)}, [])
                answer, _ = channel.receive(20)
        finally:
            started.stop()
    return frozenset(answer["layers"]), dict(answer["tried"])


@functools.cache
def probe() -> Protection:
    """Return the best protection that works on this machine."""
    reasons = []
    if not sys.platform.startswith("linux"):
        reason = f"a jail needs Linux, and this is {sys.platform}"
        return Protection("", frozenset(), (), (reason,))
    program = shutil.which("bwrap")
    for candidate in filter(None, (program,)):
        try:
            layers, tried = _try(candidate)
        except (OSError, ChannelError) as error:
            reasons.append(f"bubblewrap: {error}")
            continue
        found = Protection(candidate, layers, _gone(tried), held=_held(tried))
        if found.sufficient:
            return found
        reasons.append(f"bubblewrap does not hold: {', '.join(found.escaped)}")
    if program is None:
        reasons.append("bubblewrap: there is no program called bwrap")
    if copies := _installed_copies():
        reasons.append(
            f"Landlock: {copies[0]} holds the answers among the packages; install the course "
            "with pip install --editable, or install bubblewrap"
        )
        return Protection("", frozenset(), (), tuple(reasons))
    try:
        layers, tried = _try("")
    except (OSError, ChannelError) as error:
        return Protection("", frozenset(), (), (*reasons, f"Landlock: {error}"))
    return Protection("", layers, _gone(tried), tuple(reasons), _held(tried))


def _gone(tried: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(what for what, done in tried.items() if done)


def _held(tried: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(what for what, done in tried.items() if not done)


def required(limits: Limits) -> Protection:
    """Return the protection to use.

    Raises
    ------
    NoJail
        If there is none, and the settings do not accept that; or if workspaces cannot run here.
    """
    if not hasattr(os, "fork"):
        raise NoJail(
            f"Students' code cannot be run for grading on {sys.platform}, in a jail or without "
            f"one: {remedy()}."
        )
    found = probe()
    if found.sufficient or limits.accept_no_jail:
        return found
    raise NoJail(
        f"Students' code cannot be jailed on this machine ({'; '.join(found.reasons)}"
        f"{'; ' if found.escaped else ''}{'; '.join(found.escaped)}): {remedy()}, and see `python "
        "-m autograder doctor`. To let students' code run with your own rights all the same, set "
        "c.Judge.accept_no_jail = True in nbgrader_config.py."
    )


def remedy() -> str:
    """Return what to do on a machine without a jail, as the end of a sentence."""
    if sys.platform.startswith("linux"):
        # With Landlock it is the superuser's number alone that can be in the way.
        other = os.getuid() == 0 and "landlock" in probe().layers
        user = ", or grade as an ordinary user" if other else ""
        return f"install bubblewrap (on Debian and Ubuntu: apt install bubblewrap){user}"
    return (
        "grade on Linux (a virtual machine or a container with bubblewrap will do, and on Windows "
        "WSL 2)"
    )
