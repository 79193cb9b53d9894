"""The course, as nbgrader sees it: `nbgrader` commands work from this folder."""

from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "neural-networks-by-hand"
# Everything that a class produces lies below course/, which git ignores.
c.CourseDirectory.root = str(Path(__file__).resolve().parent / "course")
# Other users of the machine could listen to a kernel's port; and it would warn of that.
c.KernelManager.transport_encryption = "auto"
# Seconds that one cell of a submission may take; an endless loop ends here.
c.Execute.timeout = 30
