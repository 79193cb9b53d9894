"""What `nbgrader autograde`, and the button in formgrader, do in this course."""

import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter

from autograder.classroom import Class, Result, warm
from autograder.gradebook import Marks, late_penalty, opened
from autograder.grading import Graded, fingerprinted, written


class Exporter(NotebookExporter):
    """Gives nbgrader the graded notebook, with its marks saved; for ``c.Autograde.exporter_class``.

    nbgrader works in two passes: the first reads what was handed in and writes it to autograded/,
    the second runs what lies there. Here the first writes an empty notebook, and the second does
    what `python -m autograder` does. No step of nbgrader's own is needed in either.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)  # type: ignore[no-untyped-call]
        self.rooms: dict[str, Class] = {}
        self.marks: dict[str, Marks] = {}
        self.results: dict[str, Result] = {}

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the notebook that belongs in autograded/, whatever lies at a path."""
        resources = resources or {}
        about = resources["nbgrader"]
        if about["assignment"] not in self.rooms:
            course = getattr(self.parent, "coursedir", None)
            self.rooms[about["assignment"]] = Class(self.config, about["assignment"], course)
        room = self.rooms[about["assignment"]]
        student, name = about["student"], about["notebook"]
        if Path(filename).parent == room.folder("submitted", student):
            made = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
        else:
            made = self._graded(room, student, name)
        resources["metadata"] = {"name": name, "path": str(Path(filename).parent)}
        resources["output_extension"] = self.file_extension
        return written(made), resources

    def _graded(self, room: Class, student: str, name: str) -> Any:
        """Grade one notebook, save its marks, and note what is done once all of them are."""
        room = room.holding(room.held(student))
        folder = room.folder("submitted", student)
        self._remove_linked(folder, room.folder("autograded", student))
        fingerprint = room.fingerprint(student, room.assignment.fingerprint())
        graded = warm(room.assignment).notebook(student, name, folder)
        for line in graded.for_instructor:
            self.log.warning("%s: %s", student, line)
        result = self.results.setdefault(student, Result(student))
        result.notebooks[name] = graded
        score, gone = self._saved(room, student, name, graded)
        if set(result.notebooks) == set(room.assignment.notebooks):
            room.note(result, fingerprint, score, gone)
        return fingerprinted(graded.notebook, fingerprint)

    def _saved(
        self, room: Class, student: str, name: str, graded: Graded
    ) -> tuple[float, list[str]]:
        marks = self._marks(room)
        gone = room.gone(marks, student)
        cells = room.assignment.notebooks
        unanswered = {name: graded.unanswered}
        return marks.save(student, None, {name: graded.marks}, unanswered, cells), gone

    def _marks(self, room: Class) -> Marks:
        """Return the gradebook's marks; it is opened once for a class, and closed with this."""
        if room.name not in self.marks:
            stack = ExitStack()
            weakref.finalize(self, stack.close)
            gradebook = stack.enter_context(opened(room.course))
            self.marks[room.name] = Marks(gradebook, room.name, late_penalty(room.config))
        return self.marks[room.name]

    def _remove_linked(self, submitted: Path, copied: Path) -> None:
        """Remove what nbgrader has copied through a link: it is somebody else's."""
        for path in submitted.rglob("*"):
            copy = copied / path.relative_to(submitted)
            if path.is_symlink() and copy.is_file() and copied != submitted:
                self.log.warning("%s is a link, and was left out", path)
                copy.unlink()
