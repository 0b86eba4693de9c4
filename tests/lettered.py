"""Texts named by letters, a day apart: the words of a clause stand in `A` and `C`."""

from datetime import timedelta

from conductatlas import actors
from platforms.actions import record_snapshot
from platforms.models import Document, Snapshot

from . import factories

SAME = (
    "# Terms of Service\n\nThese are the terms of the service, for you and for us. They stay as they are.\n\n"
    "You may leave at any time.\n\nWe may end the service after thirty days.\n\nThe law of your country applies.\n\n"
)
WORDS = "We keep your notes in a safe place, and nobody reads them."
TEXTS = {
    "A": f"{SAME}{WORDS}\n\nIt costs one dollar.\n",
    "B": f"{SAME}Your notes belong to us.\n\nIt costs two dollars.\n",
    "C": f"{SAME}{WORDS}\n\nIt costs three dollars.\n",
    "D": f"{SAME}We have no notes of yours.\n\nIt costs four dollars.\n",
}
FIRST_DAY = factories.moment("2025-06-01")


def by():
    return actors.catalogue()


def seen(
    document: Document, letter: str, day: int, judgement: str = "accepted", *, technical: bool = False
) -> Snapshot:
    return record_snapshot(
        document=document,
        content=TEXTS[letter],
        captured_at=FIRST_DAY + timedelta(days=day),
        judgement=judgement,
        reason="" if judgement == "accepted" else "an error page",
        technical=technical,
        by=by(),
    )
