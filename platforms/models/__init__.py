"""Who publishes what (`publishing`), what it said when (`evidence`), what changed (`changes`), and the public state
of the whole (`edition`).
"""

from .changes import Change
from .edition import Edition, FormerAddress
from .evidence import Check, Snapshot, Text, Verdict, Version
from .publishing import Document, Jurisdiction, Platform, PlatformName

__all__ = [
    "Change",
    "Check",
    "Document",
    "Edition",
    "FormerAddress",
    "Jurisdiction",
    "Platform",
    "PlatformName",
    "Snapshot",
    "Text",
    "Verdict",
    "Version",
]
