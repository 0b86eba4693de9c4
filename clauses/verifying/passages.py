"""Outlines and passages, worked out anew from the texts of a document."""

from collections.abc import Mapping

from platforms.models import Document, Passage
from platforms.outlines import Outlined, courses
from platforms.outlining import Course, read_outline, readable, stored_courses
from platforms.passages import digest_of

from .findings import Findings


def verify(document: Document, read: Mapping[int, Outlined], findings: Findings) -> None:
    """Every text's outline, and every passage with its words, its heading and its runs. `read`: the outlines, by their
    versions, of texts that were read just now; the others are read here.
    """
    numbers, stored = readable(document)
    words = {digest: own for outline in read.values() for digest, own in outline.words.items()}
    outlines = {pk: read.get(pk) or read_outline(pk, words) for pk in numbers}
    for pk, number in numbers.items():
        findings.checked["outlines"] += 1
        held = stored.get(pk)
        findings.compare(
            f"{document.record_id} version {number}", "outline", held and _blocks(held), _blocks(outlines[pk])
        )
    wanted = courses([(number, outlines[pk]) for pk, number in numbers.items()])
    held = stored_courses(document)
    for digest in sorted(wanted.keys() | held.keys()):
        findings.checked["passages"] += 1
        course = wanted.get(digest)
        found = course and Course(words.get(course.heading, ""), course.stands, course.spans)
        findings.compare(f"{document.record_id} passage {digest}", "course", held.get(digest), found)
    for digest, own in Passage.objects.filter(document=document).values_list("digest", "words").iterator():
        findings.compare(f"{document.record_id} passage {digest}", "words", digest, digest_of(own))


def _blocks(outline: Outlined) -> list[tuple[int, int]]:
    return list(zip(outline.digests, outline.levels, strict=True))
