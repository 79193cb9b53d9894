"""What a process does to itself before it runs a student's code. Nothing of it can be undone.

Linux's, through ctypes, with the standard library alone: this module also runs inside the jail.
Every function raises OSError where the system or its administrator does not have it; only
`limit_resources` does what it can on every Unix. Importing it works anywhere.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence
from typing import Any

try:
    import resource
except ImportError:  # Windows; nothing of a student's is run there
    resource = None  # type: ignore[assignment]

NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
_CLONE_THREAD = 0x00010000

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_RDONLY = 2, 4, 8, 1
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
_MOUNT_SETATTR, _MOUNT_ATTR_RDONLY, _AT_FDCWD, _AT_RECURSIVE = 442, 1, -100, 0x8000

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER, _PR_SET_PDEATHSIG = 38, 22, 36, 1

#: The user who owns nothing, on every Linux.
NOBODY = 65534

#: Only Linux's: elsewhere the same names and numbers may mean something else, or end the process.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def _call(name: str, *arguments: Any) -> int:
    if _libc is None:
        raise OSError(_ENOSYS, f"{name}: only Linux has it")
    result: int = getattr(_libc, name)(*arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def prctl(option: int, value: int) -> None:
    """Set an option of this process."""
    zero = ctypes.c_ulong(0)
    _call("prctl", ctypes.c_int(option), ctypes.c_ulong(value), zero, zero, zero)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ends."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signal: int) -> None:
    """Receive a signal when the parent ends."""
    prctl(_PR_SET_PDEATHSIG, signal)


def own_namespaces(flags: int) -> None:
    """Leave the parent's namespaces for new ones; the next child is process 1 in them.

    The user keeps number and name, and gets every capability, but only over the new namespaces.
    """
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", ctypes.c_int(flags | NEWUSER))
    # The kernel wants setgroups given up before an ordinary user may map a group.
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)


def mount_private(folder: str, size: int, covered: Sequence[str]) -> None:
    """Put an empty file system of `size` bytes on a folder, and empty read-only ones on others."""
    _call("mount", b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None)
    flags = _MS_NOSUID | _MS_NODEV
    _tmpfs(folder, flags, f"size={size},mode=0700")
    for other in covered:
        if os.path.isdir(other):
            _tmpfs(other, flags | _MS_NOEXEC | _MS_RDONLY, "size=4096,mode=0555")


def mount_read_only() -> None:
    """Let nothing be written to, or changed on, any file system that is mounted now."""
    _call("mount", b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None)
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY, 0, 0, 0)
    _call(
        "syscall",
        *(ctypes.c_long(_MOUNT_SETATTR), ctypes.c_int(_AT_FDCWD), b"/"),
        *(ctypes.c_uint(_AT_RECURSIVE), attributes, ctypes.c_size_t(len(attributes))),
    )


def _tmpfs(folder: str, flags: int, options: str) -> None:
    _call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(flags), options.encode())


def limit_resources(
    memory: int, file_size: int, open_files: int, cpu_seconds: int, processes: int
) -> None:
    """Set the rlimits, which hold with and without a jail.

    The number of processes is counted for the whole user, and not at all for the superuser:
    `filter_system_calls` is what really keeps further processes away. Linux has all of the limits;
    other systems lack some, or refuse them to a process that is larger already.
    """
    for name, limit in (
        ("AS", memory),
        ("FSIZE", file_size),
        ("NOFILE", open_files),
        ("CPU", cpu_seconds),
        ("NPROC", processes),
        ("CORE", 0),
        ("MEMLOCK", 0),
        ("MSGQUEUE", 0),
    ):
        try:
            what = getattr(resource, f"RLIMIT_{name}")
            _, hard = resource.getrlimit(what)
            value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(what, (value, value))
        except (AttributeError, OSError, ValueError):
            if sys.platform.startswith("linux"):
                raise


def no_new_privileges() -> None:
    """Let no program give this process more rights than it has; the filters need this first."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability."""
    header = struct.pack("Ii", 0x20080522, 0)
    _call("capset", ctypes.c_char_p(header), ctypes.c_char_p(bytes(24)))


def become_nobody(private: str, needed: Sequence[str]) -> None:
    """Give up the superuser's number as well, for one that owns nothing but a folder.

    Parameters
    ----------
    private : str
        The folder, which becomes nobody's.
    needed : sequence of str
        What must be readable still.

    Raises
    ------
    OSError
        If something of that would not be; this process is the superuser's still.
    """
    os.setgroups([])
    for place, folders, files in os.walk(private):
        for name in (".", *folders, *files):
            os.chown(os.path.join(place, name), NOBODY, NOBODY, follow_symlinks=False)
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        for path in (private, *needed):
            if not os.access(path, os.R_OK, effective_ids=True):
                raise PermissionError(f"{path}: only the superuser can read it")
    except OSError:
        os.seteuid(0)
        os.setegid(0)
        raise
    os.seteuid(0)
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def has_capabilities() -> bool:
    """Whether this process has any right of the superuser's."""
    held = ctypes.create_string_buffer(24)
    _call("capget", ctypes.c_char_p(struct.pack("Ii", 0x20080522, 0)), held)
    return any(held.raw)


# --- Landlock: which files ------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV


def landlock_version() -> int:
    """Return the version of Landlock that the kernel has."""
    return _call("syscall", ctypes.c_long(_CREATE_RULESET), None, ctypes.c_size_t(0), 1)


def restrict_files(
    readable: Sequence[str], writable: Sequence[str], listed: Sequence[str] = ()
) -> None:
    """Let this process read below some paths, write below others, and do nothing else with files.

    Below what is only listed it can see which files there are, as Python does when it imports.

    Where Landlock knows of them, TCP, abstract sockets and signals to others go as well.
    """
    version = landlock_version()
    handled = (1 << 13) - 1
    for since, bit in ((2, 1 << 13), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        handled |= bit if version >= since else 0
    attributes = struct.pack("QQQ", handled, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _call("syscall", ctypes.c_long(_CREATE_RULESET), attributes, ctypes.c_size_t(size), 0)
    readings = ((readable, _EXECUTE | _READ_FILE | _READ_DIR), (listed, _READ_DIR))
    for paths, access in (*readings, (writable, handled)):
        for path in paths:
            _allow(rules, path, access & handled)
    _call("syscall", ctypes.c_long(_RESTRICT_SELF), rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        access &= _FOR_FILES
    rule = struct.pack("=Qi", access, place)
    try:
        if access:
            _call("syscall", ctypes.c_long(_ADD_RULE), rules, 1, rule, 0)
    finally:
        os.close(place)


# --- seccomp: which system calls ------------------------------------------------------------------

#: What is refused, with the numbers on x86-64 and on 64-bit ARM (None: there is no such call).
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # another program, another process (threads are allowed, see below)
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    # the network, and sockets of any kind but a pair
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    # namespaces, mounts, and the kernel itself
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "reboot": (169, 142),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    # modes, owners, times and attributes of files, of which Landlock knows nothing, and, before its
    # third version, lengths
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "truncate": (76, 45),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "mknod": (133, None),
    "mknodat": (259, 33),
    # other users
    "setuid": (105, 146),
    "setreuid": (113, 145),
    "setresuid": (117, 147),
    "setgid": (106, 144),
    "setregid": (114, 143),
    "setresgid": (119, 149),
    "setgroups": (116, 159),
    "capset": (126, 91),
    # memory that the address space does not count
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
#: Of these, what a program may do to files where it can write to none but its own: `shutil.copy`
#: does it.
_TO_ITS_OWN = {
    *("chmod", "fchmod", "fchmodat", "fchmodat2"),
    *("utime", "utimes", "futimesat", "utimensat", "truncate"),
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
#: Allowed when their first argument is this process, or 0 for "myself".
_ABOUT_ITSELF = {"kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261)}

#: Refused for these values of an argument: who gets a signal when a descriptor is ready (before its
#: sixth version Landlock lets that be anybody), leases on files, their attributes, and which signal
#: comes when the parent ends.
_REFUSED_FOR: tuple[tuple[tuple[int, int], int, tuple[int, ...]], ...] = (
    ((72, 25), 1, (8, 10, 15, 1024, 1026)),  # fcntl: SETOWN, SETSIG, SETOWN_EX, SETLEASE, NOTIFY
    # ioctl: FIOSETOWN, SIOCSPGRP, FIOASYNC, TIOCSTI, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR
    ((16, 29), 1, (0x8901, 0x8902, 0x5452, 0x5412, 0x40086602, 0x401C5820)),
    ((157, 167), 0, (1,)),  # prctl: SET_PDEATHSIG
)

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050000, 1, 38
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16


def filter_system_calls(own_files: bool = False) -> None:
    """Refuse what no exercise needs: further processes, the network, mounts, other processes.

    Parameters
    ----------
    own_files : bool
        Whether every file that this process could write to is its own.
    """
    if platform.machine() not in _ARCHITECTURES:
        raise OSError(_ENOSYS, f"no list of system calls for {platform.machine()}")
    program = b"".join(struct.pack("HBBI", *line) for line in _program(own_files))
    count = len(program) // 8
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack("HxxxxxxP", count, ctypes.addressof(buffer))
    zero = ctypes.c_ulong(0)
    _call("prctl", _PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.c_char_p(filter_), zero, zero)


def _program(own_files: bool) -> list[tuple[int, int, int, int]]:
    column, architecture = _ARCHITECTURES[platform.machine()]
    refuse, allow = (_RETURN, 0, 0, _ERRNO | _EPERM), (_RETURN, 0, 0, _ALLOW)
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        refuse,
        (_LOAD, 0, 0, _NUMBER),
        # The same calls once more under other numbers (x32).
        (_AT_LEAST, 0, 1, 0x40000000),
        refuse,
    ]
    for name, numbers in _REFUSED.items():
        number = numbers[column]
        if number is not None and not (own_files and name in _TO_ITS_OWN):
            lines += [(_EQUAL, 0, 1, number), refuse]
    # glibc asks clone3 first, and then makes its threads with clone, whose flags can be seen.
    lines += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ERRNO | _ENOSYS)]
    first = (_LOAD, 0, 0, _FIRST_ARGUMENT)
    lines += [(_EQUAL, 0, 4, _CLONE[column]), first, (_ANY_BIT, 0, 1, _CLONE_THREAD), allow, refuse]
    for both in _ABOUT_ITSELF.values():
        lines += [
            (_EQUAL, 0, 5, both[column]),
            first,
            (_EQUAL, 1, 0, 0),
            (_EQUAL, 0, 1, os.getpid()),
            allow,
            refuse,
        ]
    for both, place, values in _REFUSED_FOR:
        lines += [
            (_EQUAL, 0, 2 * len(values) + 2, both[column]),
            (_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * place),
        ]
        for value in values:
            lines += [(_EQUAL, 0, 1, value), refuse]
        lines += [allow]
    # kill(0) would be the process group; every process here is alone in its own.
    return [*lines, allow]
