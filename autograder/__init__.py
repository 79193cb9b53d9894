"""The judge: students' code and the tests never meet, and a class is graded in seconds.

A *workspace* runs a student's cells in a jail and never sees a test. The *judge* runs the
instructor's test cells and reaches the student's functions through a *channel*, on which only data
travels. In reading order: `settings`, `temporary`, `channel`, `confine`, `jail`, `library`,
`workspace`, `zygote`, `remote`, `cells`, `judge`, `reading`, `rebuild`, `showing`, `grading`,
`gradebook`, `classroom`, `cluster`, `__main__`. What nbgrader's own commands use is named in
nbgrader_config.py: `autograde`, `feedback`, `export`, `collect`.
"""
