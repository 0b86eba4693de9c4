"""Writes of platforms, documents, texts, snapshots and changes. Admin, commands, importers and tests write through
these.

Each is atomic, takes keywords only, and says with `by` who does it. What can change a public page makes a new edition.
"""

from conductatlas.rules import Refused

from .changes import report_change, review_change, save_change
from .editions import move_address, new_edition, one_edition, save_former_address
from .evidence import (
    judge,
    record_check,
    record_snapshot,
    settle_transition,
    store_text,
    store_withheld_text,
    withhold_text,
)
from .given import record_given
from .histories import Sighting, record_history
from .publishing import save_document, save_jurisdiction, save_platform, set_also_serves, set_former_names

__all__ = [
    "Refused",
    "Sighting",
    "judge",
    "move_address",
    "new_edition",
    "one_edition",
    "record_check",
    "record_given",
    "record_history",
    "record_snapshot",
    "report_change",
    "review_change",
    "save_change",
    "save_document",
    "save_former_address",
    "save_jurisdiction",
    "save_platform",
    "set_also_serves",
    "set_former_names",
    "settle_transition",
    "store_text",
    "store_withheld_text",
    "withhold_text",
]
