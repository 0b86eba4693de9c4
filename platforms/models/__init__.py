"""Who publishes what (`publishing`), what it said when (`evidence`), block by block (`passages`), what changed
(`changes`), the public state of the whole (`edition`), and who edited which record (`edits`).
"""

from .changes import Change, Review
from .edition import Edition, FormerAddress
from .edits import Edit
from .evidence import Body, Check, Response, Snapshot, Text, Transition, Verdict, Version
from .passages import Outline, Passage
from .publishing import Document, Jurisdiction, Platform, PlatformName

__all__ = [
    "Body",
    "Change",
    "Check",
    "Document",
    "Edit",
    "Edition",
    "FormerAddress",
    "Jurisdiction",
    "Outline",
    "Passage",
    "Platform",
    "PlatformName",
    "Response",
    "Review",
    "Snapshot",
    "Text",
    "Transition",
    "Verdict",
    "Version",
]
