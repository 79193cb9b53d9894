"""The judge: students' code and the tests never meet, and a class is graded in seconds.

A *workspace* runs a student's cells in a jail and never sees a test. The *judge* runs the
instructor's test cells and reaches the student's functions through a *channel*, on which only data
travels. In reading order: `settings`, `channel`, `confine`, `jail`, `library`, `workspace`,
`zygote`, `remote`, `judge`, `rebuild`, `preprocessors`, `gradebook`, `classroom`, `__main__`.
"""
