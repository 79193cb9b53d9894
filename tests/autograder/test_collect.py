"""Archives from a learning platform: what is in them lands in its folder, or nowhere."""

import errno
import gzip
import io
import os
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile

import pytest

from autograder.collect import Collector, Extractor
from tests.conftest import ROOT

GOOD = ("eve_01.ipynb", b"{}")


def packed(*members, compression=zipfile.ZIP_STORED):
    """Return a zip archive; a member is a name and bytes, or a ZipInfo and bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members:
            # A ZipInfo has a date of its own; a name would get the time of day.
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            archive.writestr(info, content, compression)
    return made.getvalue()


def of_kind(name, kind):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def tarred(*members):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def link(name, kind, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def extracted(tmp_path, content, name="eve.zip", **settings):
    """Return what came out of an archive, and how much lies outside of where it should be."""
    source, target = tmp_path / "archive", tmp_path / "extracted"
    source.mkdir()
    target.mkdir()
    (source / name).write_bytes(content)
    before = {path for path in tmp_path.rglob("*") if target not in path.parents}
    Extractor(**settings).extract(str(source), str(target))
    assert {path for path in tmp_path.rglob("*") if target not in path.parents} == before
    found = [path for path in target.rglob("*") if not path.is_dir()]
    assert all(path.is_file() and not path.is_symlink() for path in found)
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in found}


def lying_about_its_size():
    """A zip whose directory says 2 bytes, and whose content is 64 MiB of zeros."""
    made = bytearray(packed(("big.ipynb", bytes(1 << 26)), compression=zipfile.ZIP_DEFLATED))
    place = made.rindex(b"PK\x01\x02")
    made[place + 24 : place + 28] = struct.pack("<I", 2)
    place = made.index(b"PK\x03\x04")
    made[place + 22 : place + 26] = struct.pack("<I", 2)
    return bytes(made)


def encrypted():
    made = bytearray(packed(("secret.ipynb", b"x")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + at] |= 1
    return bytes(made)


def nested(depth):
    content = packed(GOOD)
    for _ in range(depth):
        content = packed(("in.zip", content))
    return content


TRICKS = {
    "above": packed(("../../outside.ipynb", b"x")),
    "absolute": packed((f"{tempfile.gettempdir()}/outside.ipynb", b"x")),
    "in the middle": packed(("a/../../outside.ipynb", b"x")),
    "backslashes": packed(("..\\outside.ipynb", b"x")),
    "a drive": packed(("C:/outside.ipynb", b"x")),
    "a hidden file": packed((".bashrc", b"x")),
    "a long name": packed(("x" * 250 + ".ipynb", b"x")),
    "a deep name": packed(("a/" * 500 + "x.ipynb", b"x")),
    "control characters": packed(("a\x1b[2Jb.ipynb", b"x")),
    "a link": packed((of_kind("linked.ipynb", stat.S_IFLNK), b"/etc/passwd")),
    "a pipe": packed((of_kind("pipe.ipynb", stat.S_IFIFO), b"")),
    "a device": packed((of_kind("device.ipynb", stat.S_IFCHR), b"")),
    "a password": encrypted(),
    "a lie about its size": lying_about_its_size(),
    "too large": packed(("big.ipynb", bytes(3 << 20)), compression=zipfile.ZIP_DEFLATED),
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_a_trick_in_an_archive_brings_nothing_out_and_its_neighbour_stays(tmp_path, trick):
    both = io.BytesIO(trick)
    with zipfile.ZipFile(both, "a") as archive:
        archive.writestr(*GOOD)
    assert extracted(tmp_path, both.getvalue(), largest_file=1 << 20) == {
        "eve/eve_01.ipynb": GOOD[1]
    }


@pytest.mark.parametrize(
    "made",
    [
        link("linked.ipynb", tarfile.SYMTYPE, "/etc/passwd"),
        link("linked.ipynb", tarfile.LNKTYPE, "/etc/passwd"),
        link("pipe.ipynb", tarfile.FIFOTYPE, ""),
        link("device.ipynb", tarfile.CHRTYPE, ""),
        tarfile.TarInfo("../outside.ipynb"),
        tarfile.TarInfo("/outside.ipynb"),
    ],
    ids=lambda made: f"{made.type} {made.name}",
)
def test_a_trick_in_a_tar_archive_brings_nothing_out(tmp_path, made):
    content = tarred((made, b""), (tarfile.TarInfo(GOOD[0]), GOOD[1]))
    assert extracted(tmp_path, content, "eve.tar.gz") == {"eve/eve_01.ipynb": GOOD[1]}


NO_ARCHIVES = {
    "nothing": b"",
    "two letters": b"PK",
    "words": b"no archive at all",
    "a zip without its end": packed(GOOD)[:-9],
    "the start of a gzip": b"\x1f\x8b" + bytes(50),
}


@pytest.mark.parametrize("content", NO_ARCHIVES.values(), ids=NO_ARCHIVES)
def test_what_is_no_archive_is_left_out(tmp_path, content):
    assert extracted(tmp_path, content) == {}


def test_a_bomb_of_archives_in_archives_ends_at_its_depth(tmp_path):
    assert extracted(tmp_path, nested(1)) == {"eve/in/eve_01.ipynb": GOOD[1]}
    (tmp_path / "deep").mkdir()
    assert list(extracted(tmp_path / "deep", nested(30))) == ["eve/in/in.zip"]


def test_there_is_an_end_to_how_much_and_how_many(tmp_path):
    many = packed(*((f"{n}.ipynb", b"12345678") for n in range(50)))
    assert len(extracted(tmp_path, many, most_files=11)) == 10
    (tmp_path / "much").mkdir()
    limit = len(many) + 8 * 20
    assert len(extracted(tmp_path / "much", many, largest_whole=limit)) == 20


def test_of_two_files_of_one_name_the_first_stays(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = packed(("eve_01.ipynb", b"mine"), ("eve_01.ipynb", b"later"))
    assert extracted(tmp_path, content) == {"eve/eve_01.ipynb": b"mine"}


def test_files_and_folders_that_are_as_they_should_be_are_all_there(tmp_path):
    content = packed(
        GOOD,
        ("with space/żółć (1).ipynb", b"a"),
        ("data/", b""),
        ("data/points.csv", b"b"),
        compression=zipfile.ZIP_DEFLATED,
    )
    assert extracted(tmp_path, content) == {
        "eve/eve_01.ipynb": GOOD[1],
        "eve/with space/żółć (1).ipynb": b"a",
        "eve/data/points.csv": b"b",
    }


def test_a_plain_file_beside_the_archives_is_copied_and_a_link_is_not(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "extracted").mkdir()
    (tmp_path / "archive" / "ada_01.ipynb").write_bytes(b"{}")
    (tmp_path / "archive" / "eve_01.ipynb").symlink_to("/etc/passwd")
    Extractor().extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    assert [path.name for path in (tmp_path / "extracted").iterdir()] == ["ada_01.ipynb"]


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("x/extracted/ada_01.ipynb", "ada"),
        ("x/extracted/ada_files/ada_01.ipynb", "ada"),
        ("x/extracted/eve_files/ada_01.ipynb", None),
        ("x/extracted/.._01.ipynb", None),
        ("x/extracted/.ssh_01.ipynb", None),
        ("x/extracted/ada_01.exe", None),
    ],
)
def test_a_file_belongs_to_who_handed_it_in_or_to_nobody(path, student):
    collector = Collector(named_regexp=r".*/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)")
    found = collector.collect(path)
    assert (found or {}).get("student_id") == student


def test_no_name_leads_out_of_the_students_folder():
    collector = Collector(named_regexp=r"in/(?P<student_id>.+)__(?P<file_id>.+)")
    assert collector.collect("in/ada__01.ipynb")["file_id"] == "01.ipynb"
    for path in ("in/../ada__01.ipynb", "in/ada__../../01.ipynb", "in/a/b__01.ipynb"):
        assert collector.collect(path) is None


# --- what platforms really call what students hand in --------------------------------------------

NAME = "01-differentiation"
MOODLE = "{}_assignsubmission_file"
PLATFORMS = {
    "Moodle, a folder for each student": [
        (f"{MOODLE.format('Ada Lovelace_1234567')}/{NAME}.ipynb", "Ada Lovelace", NAME),
        (
            f"{MOODLE.format('Żółta-O’Neill 김 미_1234568')}/{NAME}.ipynb",
            "Żółta-O’Neill 김 미",
            NAME,
        ),
        (f"{MOODLE.format('李小龙_99')}/work/{NAME} (1).ipynb", "李小龙", NAME),
        (f"{MOODLE.format('no 1 Bob_7')}/homework.ipynb", "no 1 Bob", "homework"),
    ],
    "Moodle, older folders with a line at the end": [
        (f"{MOODLE.format('Ada Lovelace_1234567')}_/{NAME}.ipynb", "Ada Lovelace", NAME),
        (
            f"{MOODLE.format('Bo_12')}_/Ada Lovelace_13_{NAME}.ipynb",
            "Bo",
            f"Ada Lovelace_13_{NAME}",
        ),
    ],
    "Moodle, without folders": [
        (f"{MOODLE.format('Ada Lovelace_1234567')}_{NAME}.ipynb", "Ada Lovelace", NAME),
        (f"{MOODLE.format('Ünal Ağa_1234568')}_{NAME}-Copy1.ipynb", "Ünal Ağa", NAME),
        (f"{MOODLE.format('Bo_12')}_my_work_2.ipynb", "Bo", "my_work_2"),
    ],
    "Moodle, an archive handed in": [
        (f"{MOODLE.format('Ada Lovelace_12')}/all/deep/{NAME}.ipynb", "Ada Lovelace", NAME),
        (f"{MOODLE.format('Bob_13')}/all/deep/{NAME}.ipynb", "Bob", NAME),
    ],
    "Moodle, two of one name": [
        (f"{MOODLE.format('Ada Lovelace_12')}/{NAME}.ipynb", "Ada Lovelace_12", NAME),
        (f"{MOODLE.format('Ada Lovelace_13')}/{NAME}.ipynb", "Ada Lovelace_13", NAME),
        (f"{MOODLE.format('Bob_14')}/{NAME}.ipynb", "Bob", NAME),
    ],
    "Canvas": [
        (f"lovelaceada_12345_678901_{NAME}.ipynb", "lovelaceada_12345", NAME),
        (f"müllerzoë_LATE_12346_678902_{NAME}-1.ipynb", "müllerzoë_12346", NAME),
        (f"李小龙_12347_678903_{NAME}-12.ipynb", "李小龙_12347", NAME),
        ("bobbo_12348_678904_home_work_3.ipynb", "bobbo_12348", "home_work_3"),
        (f"late_12349_678905_hw/work/{NAME}.ipynb", "late_12349", NAME),
    ],
    "a folder for each student": [
        (f"ada/{NAME}.ipynb", "ada", NAME),
        (f"s_17/work/{NAME}.ipynb", "s_17", NAME),
        ("zoë m/other.ipynb", "zoë m", "other"),
    ],
    "the student before the name": [
        (f"ada_{NAME}.ipynb", "ada", NAME),
        (f"s_17_{NAME} (2).ipynb", "s_17", NAME),
    ],
    "a name before the name in a folder of one's own": [
        (f"ada/ada_{NAME}.ipynb", "ada", NAME),
        (f"bob/{NAME}.ipynb", "bob", NAME),
    ],
    "one student alone": [
        (f"ada/{NAME}.ipynb", "ada", NAME),
        ("ada/old/first_try.ipynb", "ada", "first_try"),
    ],
}


def planned(*paths):
    """Return whose files of these names are, by the path."""
    plan = Collector().plan({path: path for path in paths}, [NAME])
    return {path: (one["student_id"], one["file_id"]) for path, one in plan.items()}


@pytest.mark.parametrize("inside", ["", "submissions/", "CS 101-Assignment 1-4711/"])
@pytest.mark.parametrize("files", PLATFORMS.values(), ids=PLATFORMS)
def test_each_platforms_files_find_their_students(files, inside):
    expected = {f"{inside}{path}": (student, f"{name}.ipynb") for path, student, name in files}
    assert planned(*expected) == expected


def test_a_file_that_is_nobodys_is_said_and_the_others_are_collected(caplog):
    paths = (f"c/{NAME}/x", "c/notes.ipynb", f"c/ada_{NAME}.ipynb", f"c/s/zoe_{NAME}.ipynb")
    assert planned(*paths) == {f"c/ada_{NAME}.ipynb": ("ada", f"{NAME}.ipynb")}
    assert "'c/notes.ipynb' was left out: its name does not say whose it is" in caplog.text
    assert f"'c/s/zoe_{NAME}.ipynb' was left out" in caplog.text


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        (("{}", "{}-1", "{}-2", "{}-10"), "{}-10"),
        (("{}", "{}-Copy1"), "{}"),
        (("{} (1)", "{}-Copy1"), "{} (1)"),
        (("a/{}", "b/{}"), "a/{}"),
    ],
)
def test_of_several_one_counts_and_none_is_lost_or_stops_the_others(files, counts):
    folder = MOODLE.format("Ada_12")
    paths = [f"{folder}/{file.format(NAME)}.ipynb" for file in files]
    found = planned(*paths)
    assert found[f"{folder}/{counts.format(NAME)}.ipynb"] == ("Ada", f"{NAME}.ipynb")
    assert len({*found.values()}) == len(paths)


def test_a_name_is_the_same_however_its_accents_are_written():
    name = f"{MOODLE.format('Zoë Müller_12')}/{NAME}.ipynb"
    written = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    assert written[0] != written[1]
    assert {planned(one)[one] for one in written} == {("Zoë Müller", f"{NAME}.ipynb")}


@pytest.mark.parametrize("trick", ["..", ".ssh", "C:", "a\\b"])
def test_no_students_name_leads_elsewhere(trick):
    assert planned(f"{MOODLE.format(f'{trick}_12')}/{NAME}.ipynb") == {}
    assert planned(f"{trick}/{NAME}.ipynb", f"ada/{NAME}.ipynb").keys() == {f"ada/{NAME}.ipynb"}


#: What a student has packed under another's name: the path, and who has handed it in.
OTHERS_NAMES = (
    (f"m_1_2_hw/{MOODLE.format('Ada_13')}_/{NAME}.ipynb", "m_1"),
    (f"{MOODLE.format('Mal_12')}_hw/{MOODLE.format('Ada_13')}_/{NAME}.ipynb", "Mal"),
    (f"{MOODLE.format('Mal_12')}/hw/{MOODLE.format('Ada_13')}/{NAME}.ipynb", "Mal"),
    (f"{MOODLE.format('Mal_12')}/ada_3_4_{NAME}.ipynb", "Mal"),
    (f"{MOODLE.format('Mal_12')}_hw/x/ada_3_4_{NAME}-10.ipynb", "Mal"),
    (f"m_LATE_1_2_hw/ada_3_4_hw/{NAME}.ipynb", "m_1"),
    (f"m_1_2_hw/ada/{NAME}.ipynb", "m_1"),
    (f"m_1_2_hw/ada_{NAME}.ipynb", "m_1"),
    (f"mal/x/ada_{NAME}.ipynb", None),
    (f"mal/ada_3_4_hw/{NAME}.ipynb", None),
    (f"mal/{MOODLE.format('ada_13')}_/{NAME}-99.ipynb", None),
)


@pytest.mark.parametrize("inside", ["", "submissions/"])
@pytest.mark.parametrize(("path", "student"), OTHERS_NAMES)
def test_the_outermost_archive_says_whose_it_is(path, student, inside):
    honest = {"mal": f"ada/{NAME}.ipynb", "m_1": f"ada_3_4_{NAME}.ipynb"}
    own = f"{MOODLE.format('Ada_13')}/{NAME}.ipynb"
    for first in {own, *honest.values()} if student else (honest["mal"],):
        found = planned(f"{inside}{first}", f"{inside}{path}")
        assert found[f"{inside}{first}"][1] == f"{NAME}.ipynb"
        if student is None or (student, first) not in {("Mal", honest["mal"])}:
            assert found.get(f"{inside}{path}", (None,))[0] == student
        assert found[f"{inside}{first}"][0] != student


@pytest.mark.parametrize("path", ["mal_files/x/ada_01.ipynb", "mal_files/deep/er/ada_01.ipynb"])
def test_an_expression_of_ones_own_is_asked_about_every_folder(path):
    collector = Collector(named_regexp=r".*/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)")
    assert collector.collect(f"x/extracted/{path}") is None


def unpacked(tmp_path, archives, **settings):
    """Return what came out of some archives that lie beside one another."""
    source, target = tmp_path / "archive", tmp_path / "extracted"
    source.mkdir(parents=True)
    target.mkdir()
    for name, content in archives.items():
        (source / name).write_bytes(content)
    Extractor(**settings).extract(str(source), str(target))
    return {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}


SMALL = {"largest_archive": 1 << 20, "most_files_in_archive": 20}


def greedy(kind):
    """Return an archive that would use up what there is for all."""
    many = [(f"{n}.txt", b"x") for n in range(300)]
    return {
        "files": lambda: packed(*many),
        "bytes": lambda: packed(*((f"{n}.txt", bytes(200_000)) for n in range(30))),
        "archives": lambda: packed(*((f"{n}.zip", packed(*many[:30])) for n in range(30))),
        "a tar": lambda: tarred(*((tarfile.TarInfo(name), x) for name, x in many)),
        "a bomb": lambda: gzip.compress(bytes(1 << 26)),
        "a header": lambda: headed(),
    }[kind]()


def headed():
    """A tar archive whose first header says that it is 64 MiB long itself."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 26
    return gzip.compress(info.tobuf() + bytes(1 << 26))


@pytest.mark.parametrize("kind", ["files", "bytes", "archives", "a tar", "a bomb", "a header"])
@pytest.mark.parametrize("platform", [True, False])
def test_no_archive_uses_up_what_there_is_for_others(tmp_path, kind, platform):
    name = "aaa.tar.gz" if kind in ("a tar", "a bomb", "a header") else "aaa.zip"
    members = {name: greedy(kind), "zoe.zip": packed(GOOD)}
    if platform:
        found = unpacked(
            tmp_path,
            {"all.zip": packed(*members.items())},
            **(SMALL | {"most_files": 100, "largest_whole": 16 << 20}),
        )
        assert "all/zoe/eve_01.ipynb" in found
    else:
        found = unpacked(
            tmp_path, members, **(SMALL | {"most_files": 40, "largest_whole": 2 << 20})
        )
        assert "zoe/eve_01.ipynb" in found
    assert sum("aaa" in one for one in found) <= 20


def test_a_full_disk_is_no_archives_fault(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Extractor, "_write", full)
    with pytest.raises(OSError, match="No space"):
        unpacked(tmp_path, {"a.zip": packed(GOOD)})


CONFIG = """\
from traitlets.config.loader import PyFileConfigLoader
c = get_config()
c.merge(PyFileConfigLoader("nbgrader_config.py", {root!r}).load_config())
c.CourseDirectory.root = {course!r}
"""


def test_zip_collect_puts_a_platforms_zips_where_they_are_graded(tmp_path):
    course = tmp_path / "course"
    archive = course / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    (course / "release" / NAME).mkdir(parents=True)
    (course / "release" / NAME / f"{NAME}.ipynb").write_text("{}")
    moodle = PLATFORMS["Moodle, a folder for each student"]
    canvas = PLATFORMS["Canvas"]
    for name, files in (("CS-Assignment-4711", moodle), ("submissions", canvas)):
        content = packed(*((path, path.encode()) for path, *_ in files))
        (archive / f"{name}.zip").write_bytes(content)
    text = CONFIG.format(root=str(ROOT), course=str(course))
    (course / "nbgrader_config.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", "zip_collect", NAME],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    submitted = course / "submitted"
    found = {
        path.relative_to(submitted).as_posix(): path.read_text(encoding="utf-8")
        for path in submitted.rglob("*.ipynb")
    }
    assert found == {
        f"{student}/{NAME}/{name}.ipynb": path for path, student, name in (*moodle, *canvas)
    }
