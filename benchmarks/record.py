"""The record of what was measured: one tracked file, from which a page of the book is made.

The page waits for no race. Each section of the record holds its numbers, the machine, the versions
and the date, and a fingerprint of the files whose speed it tells. When one of them has changed
since, the section is older than the code, and the page says so.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "benchmarks" / "record.json"

#: Whose versions are written down, where they are installed.
PACKAGES = (
    *("numpy", "scipy", "numdifftools", "autograd", "micrograd", "torch", "scikit-learn"),
    *("jax", "optax", "nbgrader", "otter-grader", "jupyter-book"),
)

#: What every section says of itself, and what every entry of each section has at least.
ABOUT = {
    *("date", "machine", "processor", "cores", "load", "python", "versions", "not_installed"),
    *("measured", "fingerprint", "remark", "entries"),
}
RACE = {
    *("name", "peer", "size", "ratio", "spread", "ours_ms", "ours_spread", "peer_ms"),
    *("peer_spread", "target", "bound", "reached", "note"),
}
FORM = {
    "races": RACE,
    "sizes": RACE,
    "grading": {"name", "way", "ratio"},
    "classes": {"way", "jobs", "students", "seconds", "note"},
    "building": {"what", "seconds", "spread", "bound", "reached", "note"},
    "weight": {"page", "bytes", "own", "files"},
}


def fingerprint(patterns: Iterable[str], root: Path = ROOT) -> str:
    """Return a digest of the files that the patterns name, compiled ones left out.

    Parameters
    ----------
    patterns : iterable of str
        As for `Path.glob`. One that names no file is an error: it would never notice a change.
    root : Path
        Where they are looked for.

    Raises
    ------
    FileNotFoundError
    """
    state = hashlib.sha256()
    for pattern in patterns:
        files = sorted(file for file in root.glob(pattern) if file.is_file())
        if not files:
            raise FileNotFoundError(f"`measured` names {pattern}, and no file is called that.")
        for file in files:
            if "__pycache__" not in file.parts:
                content = file.read_bytes()
                state.update(f"\0{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
                state.update(content)
    return state.hexdigest()[:16]


def processor() -> str:
    """Return the processor's name as the system has it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def surroundings(measured: Iterable[str], remark: str = "") -> dict[str, Any]:
    """Say where, when and with what something is about to be measured, and what was unusual."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "date": date.today().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": cores(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "versions": versions,
        "not_installed": [package for package in PACKAGES if package not in versions],
        "measured": list(measured),
        "fingerprint": fingerprint(measured),
        "remark": remark,
    }


def read(place: Path = TARGET) -> dict[str, Any]:
    """Return the sections of the record, by name; none if there is no record yet."""
    return json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}


def keep(
    name: str, about: Mapping[str, Any], entries: list[dict[str, Any]], place: Path = TARGET
) -> None:
    """Write one section into the record, whole or not at all; the others stay as they are."""
    sections = read(place) | {name: {**about, "entries": entries}}
    text = json.dumps({key: sections[key] for key in sorted(sections)}, indent=1)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(place)


def older(sections: Mapping[str, Any], root: Path = ROOT) -> list[str]:
    """Name the sections whose code has changed since they were measured."""
    return [
        name
        for name, section in sections.items()
        if fingerprint(section["measured"], root) != section["fingerprint"]
    ]


def problems(sections: Mapping[str, Any]) -> list[str]:
    """Say what the page would miss in a record; an empty list when it is whole."""
    found = [f"there is no section {name!r}" for name in FORM if name not in sections]
    for name, section in sections.items():
        found += [f"{name}: {key!r} is missing" for key in sorted(ABOUT - section.keys())]
        unnamed = set(PACKAGES) - {*section.get("versions", ()), *section.get("not_installed", ())}
        found += [f"{name}: nothing is said of {package}" for package in sorted(unnamed)]
        entries = section.get("entries", ())
        if not entries:
            found.append(f"{name}: it is empty")
        for entry in entries:
            found += [
                f"{name}: {key!r} is missing in {entry}"
                for key in sorted(FORM.get(name, set()) - entry.keys())
            ]
    return found
