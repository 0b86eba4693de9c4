"""What a line of results says of a record besides its words: made when the record is indexed, or found by its id."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model

from clauses.models import Agency, ClauseType, Provision, Regulation
from clauses.vocabulary import STANDING
from platforms.models import Document, Platform


@dataclass(frozen=True)
class Line:
    """`platform` is the name of the platform whose record it is, where it is someone's and not the platform's own;
    `facts` are said of the record itself; `severity` (high, medium or low) and `proof` of a published clause.
    """

    address: str
    record_id: str = ""
    platform: str = ""
    invented: bool = False
    facts: Sequence[str] = ()
    severity: str = ""
    proof: str = ""


def line_of(record: Model, *, severity: str = "", proof: str = "") -> Line:
    """`record` has the records beside it loaded; `proof` is the code word of a clause's evidence."""
    platform = _platform_of(record)
    return Line(
        address=record.get_absolute_url(),
        record_id=getattr(record, "record_id", ""),
        platform="" if platform is None or platform is record else platform.name,
        invented=platform is not None and platform.invented,
        facts=tuple(filter(None, _facts_of(record))),
        severity=severity,
        proof=STANDING[proof] if proof else "",
    )


def _platform_of(record: Model) -> Platform | None:
    if isinstance(record, Platform):
        return record
    return getattr(getattr(record, "document", record), "platform", None)


def _facts_of(record: Model) -> tuple[str, ...]:
    match record:
        case Provision():
            return (record.document.title,)
        case Document():
            market = record.market.name if record.market else ""
            return (record.get_kind_display(), market, "withdrawn by the platform" if record.retired_on else "")
        case ClauseType():
            return (record.theme.name,)
        case Agency():
            return (record.jurisdiction.name, record.short_name)
        case Regulation():
            return (record.jurisdiction.name, record.citation)
    return ()
