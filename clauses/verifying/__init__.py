"""Recomputes what is stored from the stored bytes, and names all that differs. Nothing is written.

findings.py   what is told: records, what is stored of them, what was recomputed
texts.py      hashes of texts and of the bytes they came in
records.py    verdicts, version numbers, record numbers
histories.py  transitions and observed changes
passages.py   outlines of texts, and the runs in which their words stand
proofs.py     quotations, and where their words stand
following.py  touched clauses and open questions
analyses.py   payloads of published analyses
"""

from collections.abc import Sequence

from django.db import connection, transaction

from conductatlas.progress import Begin, Step
from platforms.models import Document

from . import analyses, following, histories, passages, proofs, records, texts
from .findings import Findings, Mismatch

__all__ = ["Findings", "Mismatch", "verify"]


def verify(documents: Sequence[Document] | None, *, begin: Begin, step: Step) -> Findings:
    """Looks at these documents and all that hangs on them; None: at the whole catalogue.

    All of it is one state of the database, whatever is written meanwhile. One text at a time is held.
    """
    findings = Findings()
    with transaction.atomic():
        _only_read()
        every = documents if documents is not None else Document.objects.order_by("number")
        kept, frozen = texts.stored(documents), analyses.frozen(documents)
        begin(len(every) + frozen.count() + sum(rows.count() for rows in kept))
        texts.verify(kept, findings, step)
        if documents is None:
            records.verify_numbers(findings)
        for document in every:
            findings.checked["documents"] += 1
            records.verify(document, findings)
            outlines = histories.verify(document, findings)
            passages.verify(document, outlines, findings)
            proofs.verify(document, findings)
            following.verify(document, findings)
            step()
        for analysis in frozen.iterator(chunk_size=50):
            analyses.verify(analysis, findings)
            step()
    return findings


def _only_read() -> None:
    """From here on PostgreSQL refuses every write of this transaction. Inside another one, its isolation stays."""
    outermost = not connection.savepoint_ids
    with connection.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION {'ISOLATION LEVEL REPEATABLE READ, ' if outermost else ''}READ ONLY")
