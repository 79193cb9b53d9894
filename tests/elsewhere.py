"""Runs a module as it would run on another system: ours see what is there, and no more.

python -m tests.elsewhere win32 tools.questions --to folder

Only modules of this project are deceived; what they are built on knows the other systems itself.
"""

import builtins
import ctypes
import os
import resource
import runpy
import signal
import socket
import sys
from typing import Any

OURS = ("autograder", "nnchecks", "nnlib", "tools", "__main__")
#: For each system: modules that it has not, and what its modules lack.
UNIX_ONLY = ("fcntl", "grp", "pwd", "resource", "termios")
NOT_ON_MACOS = {
    "os": ("sched_getaffinity", "sched_setaffinity"),
    "resource": ("RLIMIT_MSGQUEUE",),
    "socket": ("SOCK_SEQPACKET",),
}
NOT_ON_WINDOWS = {
    "os": (
        *NOT_ON_MACOS["os"],
        *("fork", "getuid", "geteuid", "killpg", "setsid", "O_NOFOLLOW", "O_NONBLOCK"),
    ),
    "socket": ("AF_UNIX", "SOCK_SEQPACKET", "recv_fds", "send_fds"),
    "signal": ("SIGALRM", "SIGKILL", "setitimer"),
}
SYSTEMS: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]], dict[str, Any]]] = {
    "darwin": ((), NOT_ON_MACOS, {"sys": {"platform": "darwin"}}),
    "win32": (
        UNIX_ONLY,
        NOT_ON_WINDOWS,
        {"sys": {"platform": "win32"}, "os": {"name": "nt"}},
    ),
}


class Seen:
    """A module of which some things are missing and some are others."""

    def __init__(self, module: object, missing: tuple[str, ...], other: dict[str, Any]) -> None:
        self.__dict__.update(_module=module, _missing=missing, _other=other)

    def __getattr__(self, name: str) -> Any:
        if name in self._other:
            return self._other[name]
        if name in self._missing:
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}")
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._module, name, value)


def no_c_library(name: str | None, *_: Any, **__: Any) -> None:
    """Stand for `ctypes.CDLL`: another system's C library has none of Linux's calls."""
    raise TypeError(f"there is no library {name}")


def set_some(what: int, limits: tuple[int, int]) -> None:
    """Stand for `resource.setrlimit`: macOS does not limit memory that has long been taken."""
    if what == resource.RLIMIT_AS:
        raise ValueError("current limit exceeds maximum limit")
    resource.setrlimit(what, limits)


def pretend(system: str) -> None:
    """Let our modules see another system from their next import on."""
    absent, missing, other = SYSTEMS[system]
    real = builtins.__import__
    modules = (ctypes, os, resource, signal, socket, sys)
    other = {"ctypes": {"CDLL": no_c_library}, "resource": {"setrlimit": set_some}, **other}
    seen = {
        one.__name__: Seen(one, missing.get(one.__name__, ()), other.get(one.__name__, {}))
        for one in modules
    }

    def imported(
        name: str,
        globals: Any = None,
        locals: Any = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        owner = str((globals or {}).get("__name__", "")).partition(".")[0]
        if owner in OURS and not level:
            if name in absent:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in seen:
                return seen[name]
        return real(name, globals, locals, fromlist, level)

    builtins.__import__ = imported


if __name__ == "__main__":
    _, system, *sys.argv = sys.argv
    pretend(system)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
