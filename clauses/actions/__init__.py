"""Writes of the taxonomy and the law (`entries`), of clauses and their words (`clauses`), of analyses (`analyses`), of
what reviewers say (`reviewing`), of readings (`readings`) and of decisions (`queue`).

Each is atomic, takes keywords only, and says with `by` who does it.
"""

from .analyses import (
    CONTENT,
    content_of,
    draft,
    may_edit,
    new_version,
    note_editor,
    publish,
    save_draft,
    withdraw,
    written_by,
)
from .beginning import begin_clause, free_slug_for
from .clauses import mark_removed, merge, quote, save_provision
from .entries import save_entry, set_dates, set_enforced, set_questions
from .queue import accept_words, choose_words, found_in_newest, leave_as_it_is, remove_clause
from .readings import record_reading, touch
from .reviewing import comment, send_back, submit, take_back
from .sheets import import_sheet

__all__ = [
    "CONTENT",
    "accept_words",
    "begin_clause",
    "choose_words",
    "comment",
    "content_of",
    "draft",
    "found_in_newest",
    "free_slug_for",
    "import_sheet",
    "leave_as_it_is",
    "mark_removed",
    "may_edit",
    "merge",
    "new_version",
    "note_editor",
    "publish",
    "quote",
    "record_reading",
    "remove_clause",
    "save_draft",
    "save_entry",
    "save_provision",
    "send_back",
    "set_dates",
    "set_enforced",
    "set_questions",
    "submit",
    "take_back",
    "touch",
    "withdraw",
    "written_by",
]
