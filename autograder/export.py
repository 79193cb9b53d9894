"""`nbgrader export`: the table of marks as a CSV file."""

from pathlib import Path

from nbgrader.api import Gradebook  # type: ignore[import-untyped]
from nbgrader.plugins import ExportPlugin  # type: ignore[import-untyped]

from autograder import marks


class CsvExport(ExportPlugin):  # type: ignore[misc]
    """Exports grades; for ``c.ExportApp.plugin_class``. `autograder.marks` explains the columns."""

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each student and assignment."""
        target = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", target)
        chosen = list(map(str, self.student))
        table = marks.rows(gradebook, self.config, *map(str, self.assignment))
        marks.write_csv((row for row in table if not chosen or row.student in chosen), target)
