"""The course, as nbgrader sees it: `nbgrader` commands work from this folder."""

from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "neural-networks-by-hand"
# Everything that a class produces lies below course/, which git ignores.
c.CourseDirectory.root = str(Path(__file__).resolve().parent / "course")

# nbgrader's own list, but for SaveCells: an assignment may change after somebody has handed in.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "autograder.releases.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The judge: students' code runs in a jail, the tests run outside, and the two never meet.
# `python -m autograder doctor` says what protection this machine gives.
c.Autograde.exporter_class = "autograder.autograde.Exporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = []
# A page that can be read without a network, and says what is not yet marked.
c.GenerateFeedback.exporter_class = "autograder.feedback.Page"
# Students see the checks' verdicts and sentences in their feedback, and no hidden test.
# A late penalty is worked out anew: due dates, extensions and a person's marks may have changed.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.AssignLatePenalties",
    "autograder.feedback.Grades",
    "autograder.feedback.Shown",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# What `nbgrader zip_collect` unpacks lands in its folder, or nowhere; whose a file is stands in its
# name, as Moodle and Canvas give it (autograder/collect.py has the patterns).
c.ZipCollectApp.extractor_plugin = "autograder.collect.Extractor"
c.ZipCollectApp.collector_plugin = "autograder.collect.Collector"
# `nbgrader export` writes the same table of marks as `make grade`.
c.ExportApp.plugin_class = "autograder.export.CsvExport"
# Every limit is a setting of the judge; autograder/settings.py has them all with their defaults.
c.Judge.seconds_per_cell = 30.0

# For nbgrader's other commands that run a notebook: other users of the machine could listen to a
# kernel's port; and it would warn of that.
c.KernelManager.transport_encryption = "auto"
c.Execute.timeout = 30
