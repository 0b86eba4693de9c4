"""Records of the taxonomy and the law (`entries`), of clauses and their words (`provisions`), of analyses
(`analyses`), of who read what (`readings`), of changes with the clauses they touch (`changes`) and of what only a
person can decide (`queue`) in the admin, its first page (`front`), the lists behind that (`waiting`), and texts in
reading mode (`reading_mode`).
"""

from . import analyses, changes, entries, front, provisions, queue, reading_mode, readings, waiting

__all__ = [
    "analyses",
    "changes",
    "entries",
    "front",
    "provisions",
    "queue",
    "reading_mode",
    "readings",
    "waiting",
]
