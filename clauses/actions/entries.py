"""Writes of the taxonomy, of agencies, laws and research notes."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import transaction

from clauses.due import follow_readings_due
from clauses.indexing import KINDS, index
from clauses.models import (
    Agency,
    ClauseType,
    EnforcedLaw,
    Provision,
    Question,
    Regulation,
    RegulationDate,
    ResearchNote,
    Theme,
)
from conductatlas.editing import kept
from conductatlas.rules import save_checked
from platforms.actions import Refused, move_address, new_edition
from platforms.models import Jurisdiction

Entry = TypeVar("Entry", Theme, ClauseType, Agency, Regulation, ResearchNote, Jurisdiction)


@transaction.atomic
@kept("entry")
def save_entry(entry: Entry, *, by) -> Entry:
    """Saves a new or an edited theme, clause type, agency, regulation, research note or jurisdiction; a page that moved
    redirects.
    """
    before = type(entry).objects.filter(pk=entry.pk).first()
    save_checked(entry)
    if before and hasattr(entry, "get_absolute_url"):
        move_address(old_path=before.get_absolute_url(), new_path=entry.get_absolute_url(), by=by)
    if type(entry) in KINDS:
        index(type(entry), [entry.pk])
    if before and isinstance(entry, Theme | ClauseType):  # their words are among those of what stands below them
        types = entry.clause_types.all() if isinstance(entry, Theme) else [entry]
        index(ClauseType, [row.pk for row in types])
        index(Provision, Provision.objects.filter(clause_type__in=types).values_list("pk", flat=True))
    if isinstance(entry, ClauseType) and set(entry.document_kinds) != set(before.document_kinds if before else ()):
        follow_readings_due()
    new_edition(by=by, reason=f"{entry._meta.verbose_name.capitalize()} {entry}")
    return entry


@transaction.atomic
def set_questions(clause_type: ClauseType, *, questions: Sequence[Mapping[str, str]], by) -> None:
    """Makes these the questions of a clause type, in this order. One that has answers can be reworded, not dropped."""
    existing = {question.key: question for question in clause_type.questions.all()}
    for position, wanted in enumerate(questions):
        question = existing.pop(wanted["key"], None) or Question(clause_type=clause_type, key=wanted["key"])
        question.wording, question.help, question.position = wanted["wording"], wanted.get("help", ""), position
        save_checked(question)
    for question in existing.values():
        if question.answers.exists():
            raise Refused(
                f"The question {question.key!r} of {clause_type.slug} has answers: reword it instead of dropping it."
            )
        question.delete()
    index(ClauseType, [clause_type.pk])
    new_edition(by=by, reason=f"Questions of {clause_type.name}")


@transaction.atomic
def set_dates(regulation: Regulation, *, dates: Sequence[Mapping[str, str]], by) -> None:
    """Makes these the dates of a law."""
    regulation.dates.all().delete()
    for entry in dates:
        row = RegulationDate(regulation=regulation, date=entry["date"], what=entry["what"])
        save_checked(row)
    new_edition(by=by, reason=f"Dates of {regulation.name}")


@transaction.atomic
def set_enforced(agency: Agency, *, laws: Sequence[Regulation], by) -> None:
    """Makes these the laws that an agency enforces."""
    agency.enforced.all().delete()
    for law in laws:
        save_checked(EnforcedLaw(agency=agency, regulation=law))
    new_edition(by=by, reason=f"Laws that {agency.name} enforces")
