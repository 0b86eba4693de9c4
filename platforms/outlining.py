"""Keeps outlines and passages in line with the texts of a document that count and can be read.

An outline is made once of a version, in the one reading of its text; passages follow from the outlines alone. Of a
text that is withheld, no outline stays, and no words that stand in no other text.
"""

import json
from array import array
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from platforms.models import Document, Outline, Passage, Version
from platforms.outlines import Outlined, Span, courses
from platforms.reading import projected, words_of

Outlines = dict[int, Outlined]  # by the key of their versions, oldest first
Words = dict[int, str]  # of blocks, by their digests


class Course(NamedTuple):
    """What is stored of a passage beside its words."""

    heading: str
    stands: bool
    spans: list[Span]


def follow(document: Document, fresh: Mapping[int, Outlined] | None = None) -> None:
    """Brings outlines and passages in line. `fresh`: outlines, by the keys of versions, of texts that were read just
    now; of others that have none, the text is read. The caller holds the document's row.
    """
    fresh = fresh or {}
    numbers, stored = readable(document)
    words = {digest: found for outline in fresh.values() for digest, found in outline.words.items()}
    outlines = {pk: fresh.get(pk) or stored.get(pk) or read_outline(pk, words) for pk in numbers}
    _store_outlines(document, {pk: outline for pk, outline in outlines.items() if stored.get(pk) != outline})
    wanted = courses([(number, outlines[pk]) for pk, number in numbers.items()])
    held = stored_courses(document)
    needed = {digest for digest in wanted if digest not in held} | {course.heading for course in wanted.values()}
    _find_words(document, needed - {0}, outlines, words)
    told = {digest: Course(words.get(row.heading, ""), row.stands, row.spans) for digest, row in wanted.items()}
    _store_passages(document, told, held, words)


def readable(document: Document) -> tuple[dict[int, int], Outlines]:
    """The versions that count and are not withheld, oldest first, with their numbers; and the outlines stored of
    them.
    """
    versions = Version.objects.counting().filter(document=document, snapshot__text__withheld_at=None)
    rows = versions.order_by("snapshot__captured_at", "number")
    numbers, stored = {}, {}
    for pk, number, digests, levels in rows.values_list("pk", "number", "outline__digests", "outline__levels"):
        numbers[pk] = number
        if digests is not None:
            stored[pk] = Outlined(array("q", digests), bytes(levels))
    return numbers, stored


def stored_courses(document: Document) -> dict[int, Course]:
    """By the digests of the passages."""
    rows = Passage.objects.filter(document=document).values_list("digest", "heading", "stands", "spans")
    return {digest: Course(*course) for digest, *course in rows}


def read_outline(version: int, words: Words) -> Outlined:
    """The outline of a version whose text is read for it; its words join those at hand."""
    found = projected(words_of(Version.objects.select_related("snapshot").get(pk=version))).outlined(words)
    words |= found.words
    return found


def _find_words(document: Document, needed: Collection[int], outlines: Outlines, words: Words) -> None:
    """Words that are not at hand stand in a passage, or in a text that counts again."""
    lacking = set(needed) - words.keys()
    if lacking:
        words |= dict(Passage.objects.filter(document=document, digest__in=lacking).values_list("digest", "words"))
        lacking -= words.keys()
    for version, outline in reversed(outlines.items()):
        if not lacking:
            break
        if not lacking.isdisjoint(outline.digests):
            read_outline(version, words)
            lacking -= words.keys()


def _store_outlines(document: Document, changed: Outlines) -> None:
    rows = Outline.objects.filter(version__document=document)
    rows.filter(Q(version__in=changed) | Q(version__snapshot__text__withheld_at__isnull=False)).delete()
    if not changed:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY platforms_outline (version_id, digests, levels) FROM STDIN") as into,
    ):
        for version, outline in changed.items():
            into.write_row((version, _written(outline.digests), _written(outline.levels)))


def _written(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array."""
    return f"{{{','.join(map(str, numbers))}}}"


def _store_passages(document: Document, wanted: dict[int, Course], held: dict[int, Course], words: Words) -> None:
    if gone := [digest for digest in held if digest not in wanted]:
        Passage.objects.filter(document=document, digest__in=gone).delete()
    fresh = [(digest, course) for digest, course in wanted.items() if digest not in held]
    moved = [(digest, course) for digest, course in wanted.items() if digest in held and held[digest] != course]
    with connection.cursor() as cursor:
        if fresh:
            _insert(cursor, document, fresh, words)
        if moved:
            _update(cursor, document, moved)


def _insert(cursor, document: Document, rows: Iterable[tuple[int, Course]], words: Words) -> None:
    """Many at once: the first import of a document brings thousands."""
    columns = "document_id, digest, words, heading, stands, spans"
    with cursor.copy(f"COPY platforms_passage ({columns}) FROM STDIN") as into:
        for digest, course in rows:
            into.write_row(
                (document.pk, digest, words[digest], course.heading, course.stands, json.dumps(course.spans))
            )


def _update(cursor, document: Document, rows: Iterable[tuple[int, Course]]) -> None:
    columns = zip(*((digest, row.heading, row.stands, json.dumps(row.spans)) for digest, row in rows), strict=True)
    cursor.execute(
        "UPDATE platforms_passage p SET heading = f.heading, stands = f.stands, spans = f.spans::jsonb"
        " FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::text[]) AS f (digest, heading, stands, spans)"
        " WHERE p.document_id = %s AND p.digest = f.digest",
        [*map(list, columns), document.pk],
    )
