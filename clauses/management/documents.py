"""The documents that a command is told to look at."""

from collections.abc import Sequence

from django.core.management.base import CommandError, CommandParser

from conductatlas.records import parse
from platforms.models import Document


def add_document_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        dest="documents",
        metavar="CA-D-…",
        help="only this document; can be given several times",
    )


def chosen_documents(record_ids: Sequence[str]) -> list[Document] | None:
    """The documents with these ids, in their order; None where none is named. CommandError for an unknown one."""
    if not record_ids:
        return None
    found = {row.record_id: row for row in Document.objects.filter(number__in=map(_number, record_ids))}
    for record_id in record_ids:
        if record_id not in found:
            raise CommandError(f"There is no document {record_id!r}: give its id as its page shows it.")
    return [found[record_id] for record_id in dict.fromkeys(record_ids)]


def _number(record_id: str) -> int:
    try:
        record = parse(record_id)
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    if record.kind != "D":
        raise CommandError(f"{record_id!r} is no document: the id of a document begins with CA-D-.")
    return record.number
