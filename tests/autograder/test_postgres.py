"""The gradebook on a real PostgreSQL server, which the test starts."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.autograder.test_classroom import NAME, hand_in, nbgrader, notebook, run
from tests.conftest import ROOT
from tools.gradebook import marks

CONFIG = """\
from traitlets.config.loader import PyFileConfigLoader
c = get_config()
c.merge(PyFileConfigLoader("nbgrader_config.py", {root!r}).load_config())
c.CourseDirectory.root = {course!r}
c.CourseDirectory.db_url = {url!r}
c.Judge.secret = "the same in every run of the tests"
"""


def programs():
    """Return the folder of PostgreSQL's server programs, or None."""
    found = shutil.which("postgres")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@pytest.fixture(scope="module")
def url():
    """Where a server listens, which is a socket in a folder and no port."""
    place = programs()
    if place is None:
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL server found: install postgresql")
        pytest.skip("no PostgreSQL server found: install postgresql")
    user = None
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.geteuid() == 0:  # the server refuses to run as the superuser
            user = "postgres" if "postgres" in {one.pw_name for one in pwd.getpwall()} else "nobody"
            shutil.chown(folder, user)

        def call(program, *options):
            command = [str(place / program), "-D", f"{folder}/data", *options]
            subprocess.run(
                command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, env=locale
            )

        locale = {**os.environ, "LC_ALL": "C.UTF-8"}
        call("initdb", "--auth=trust", "--username=course", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-w", "-l", f"{folder}/log", "-o", settings, "start")
        try:
            yield f"postgresql+psycopg2://course@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")


@pytest.fixture
def course(tmp_path, url, jailed):
    course = tmp_path / "course"
    course.mkdir()
    text = CONFIG.format(root=str(ROOT), course=str(course), url=url)
    (course / "nbgrader_config.py").write_text(text, encoding="utf-8")
    write = (
        "import sys; from pathlib import Path; from tools.release import write_sources;"
        "write_sources(Path('solutions'), Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", write, str(course)], cwd=ROOT, check=True)
    done = nbgrader(course, "generate_assignment", NAME)
    assert done.returncode == 0, done.stderr
    return course


def test_marks_are_kept_on_a_server_whoever_grades(course, url):
    hand_in(course, "ann", notebook(course))
    hand_in(course, "bob", notebook(course, {}))
    assert "2 submissions: 2 graded" in run(course)
    assert {mark.student: mark.score for mark in marks(course, NAME, url)} == {"ann": 6, "bob": 0}
    assert not (course / "gradebook.db").exists()

    hand_in(course, "bob", notebook(course))
    assert "1 of 1, bob" in run(course)
    hand_in(course, "cem", notebook(course, {}))
    done = nbgrader(course, "autograde", NAME, "--student", "cem")
    assert done.returncode == 0, done.stderr
    found = {mark.student: mark.score for mark in marks(course, NAME, url)}
    assert found == {"ann": 6, "bob": 6, "cem": 0}

    path = course / "source" / NAME / f"{NAME}.ipynb"
    text = path.read_text(encoding="utf-8").replace("best_step", "better_step")
    path.write_text(text, encoding="utf-8")
    done = nbgrader(course, "generate_assignment", NAME, "--force")
    assert done.returncode == 0, done.stderr
    after = marks(course, NAME, url)
    assert {mark.student: mark.score for mark in after} == found
    assert {mark.not_given for mark in after} == {("test_better_step",)}
    assert "3 already graded against an earlier release" in run(course)
    assert "3 of 3, " in run(course, "--again")
    assert {"best_step" in mark.by_test for mark in marks(course, NAME, url)} == {False}
