"""Which documents wait to be read, for how many clause types: rows that follow texts, readings and clause types.

A text is read for a type by a reading of it, or of a later one; or of an earlier one where only spacing, markup, dates
or page furniture have changed since.
"""

from collections.abc import Iterable

from django.db import connection

from clauses.models import ReadingDue
from platforms.vocabulary import NOISE

# The newest text that counts, where its words may be read; the one that brought the words (`worded`); and how many
# types that list the document's kind have no reading of these words.
_DUE = """
INSERT INTO clauses_readingdue (document_id, snapshot_id, since, missing)
SELECT document.id, newest.id, worded.recorded_at, types.missing
FROM platforms_document document
CROSS JOIN LATERAL (
    SELECT snapshot.id, snapshot.text_id
    FROM platforms_version version JOIN platforms_snapshot snapshot ON snapshot.id = version.snapshot_id
    WHERE version.document_id = document.id AND version.counts
    ORDER BY snapshot.captured_at DESC, version.number DESC LIMIT 1
) newest
JOIN platforms_text text ON text.sha256 = newest.text_id AND text.withheld_at IS NULL
CROSS JOIN LATERAL (
    SELECT snapshot.captured_at, snapshot.recorded_at
    FROM platforms_version version JOIN platforms_snapshot snapshot ON snapshot.id = version.snapshot_id
    LEFT JOIN platforms_transition transition ON transition.version_id = version.id
    WHERE version.document_id = document.id AND version.counts
        AND (transition.kind IS NULL OR transition.kind <> ALL(%(noise)s))
    ORDER BY snapshot.captured_at DESC, version.number DESC LIMIT 1
) worded
CROSS JOIN LATERAL (
    SELECT count(*) AS missing
    FROM clauses_clausetype clause_type
    WHERE document.kind = ANY(clause_type.document_kinds) AND NOT EXISTS (
        SELECT FROM clauses_reading reading
        WHERE reading.document_id = document.id AND reading.clause_type_id = clause_type.id
            AND (reading.captured_at >= worded.captured_at OR reading.sha256 = newest.text_id)
    )
) types
WHERE document.retired_on IS NULL AND types.missing > 0 AND (%(all)s OR document.id = ANY(%(documents)s))
"""


def follow_readings_due(documents: Iterable[int] | None = None) -> None:
    """Brings the rows of these documents in line, by their ids; without ids those of all."""
    chosen = None if documents is None else list(documents)
    rows = ReadingDue.objects.all() if chosen is None else ReadingDue.objects.filter(document__in=chosen)
    rows.delete()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"noise": list(NOISE), "all": chosen is None, "documents": chosen or []})
