"""Writes what a checked sheet says: all of it, or nothing."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from clauses.deriving import one_derivation
from clauses.models import Analysis, Answer, Provision, Quotation
from clauses.sheet_rows import Clause, Prepared, prepare
from clauses.sheets import Deed, Plan, Row, Sheet
from clauses.sheets.columns import ANALYSIS, CLAUSE, QUOTED, answer_columns
from conductatlas.editing import editing
from conductatlas.rules import save_checked
from platforms.actions import Refused, one_edition

from .analyses import draft, new_version, note_editor, save_draft
from .clauses import quote, save_provision


def import_sheet(*, sheet: Sheet, checked: str, by, may_rename: bool) -> Plan:
    """Does what a check of this sheet promised: `checked` is the fingerprint of that check's plan.

    Refuses a sheet with faults, and one of which the catalogue would make something else by now. Nothing is published:
    new clauses get a draft, published analyses a new version as a draft.
    """
    with one_edition(by=by, reason="A sheet of clauses"), one_derivation(by=by), editing(by=by):
        prepared = prepare(sheet, may_rename=may_rename, lock=True)
        plan = prepared.plan
        if plan.faults:
            raise Refused("Nothing was imported: the sheet has faults now. They are listed below.")
        if plan.fingerprint != checked:
            raise Refused(
                "Nothing was imported: records changed since the sheet was checked. Look at what would be done now,"
                " then import it."
            )
        for row in plan.acting:
            _write(row, prepared, by=by)
    return plan


def _write(row: Row, prepared: Prepared, *, by) -> None:
    if row.standing is None:
        provision = Provision(
            document=prepared.documents[row.place],
            clause_type=prepared.clause_type,
            **{column: row.values[column] for column in CLAUSE if column in row.values},
        )
        save_provision(provision, by=by)
        quotation = quote(provision=provision, segments=row.values["words"], by=by, **_place_of(row.values))
        _first_draft(row, prepared, provision, quotation, by=by)
        return
    clause = prepared.clauses[row.standing.record]
    provision = clause.provision
    if own := {column: row.values[column] for column in CLAUSE if column in row.values}:
        for column, value in own.items():
            setattr(provision, column, value)
        save_provision(provision, by=by)
    if row.deed == Deed.CLAUSE:
        return
    quotation = _quotation(row, clause, by=by)
    if clause.analysis is None:
        _first_draft(row, prepared, provision, quotation, by=by)
    elif row.deed == Deed.VERSION:
        _change(new_version(analysis=clause.analysis, quotation=quotation, by=by), row, prepared)
    else:
        with editing(clause.analysis, by=by):
            clause.analysis.quotation = quotation
            _change(clause.analysis, row, prepared)
            note_editor(analysis=clause.analysis, by=by)


def _place_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Heading, prefix and suffix, where the sheet gives them."""
    return {column: values[column] for column in QUOTED[1:] if column in values}


def _quotation(row: Row, clause: Clause, *, by) -> Quotation:
    """The words that the row rests on: those that are kept, or new ones. Where only their place is told anew, they keep
    all else that is known of them.
    """
    kept = clause.quotation
    if not set(QUOTED) & set(row.values):
        return kept
    if kept is None:
        return quote(provision=clause.provision, segments=row.values["words"], by=by, **_place_of(row.values))
    place = {column: getattr(kept, column) for column in QUOTED[1:]} | _place_of(row.values)
    if "words" in row.values:
        return quote(provision=clause.provision, segments=row.values["words"], by=by, **place)
    own = ("segments", "sentence_ends", "cut", "taken_on", "taken_from_sha256", "taken_from_at")
    return quote(provision=clause.provision, by=by, **place, **{name: getattr(kept, name) for name in own})


def _first_draft(row: Row, prepared: Prepared, provision: Provision, quotation: Quotation, *, by) -> None:
    answers = [{"question": question, **_answer(row, key)} for key, question in prepared.questions.items()]
    draft(
        provision=provision,
        quotation=quotation,
        by=by,
        content={column: row.values[column] for column in ANALYSIS if column in row.values},
        parts={"answers": answers},
        drafted_on=timezone.now().date(),
    )


def _answer(row: Row, key: str) -> dict[str, Any]:
    """The columns of an answer that the row gives."""
    names = zip(answer_columns(key), ("value", "sentences", "detail"), strict=True)
    return {name: row.values[column] for column, name in names if column in row.values}


def _change(analysis: Analysis, row: Row, prepared: Prepared) -> None:
    """Brings a draft and its answers in line with the row."""
    for column in ANALYSIS:
        if column in row.values:
            setattr(analysis, column, row.values[column])
    save_draft(analysis)
    held = {answer.question_id: answer for answer in analysis.answers.all()}
    for key, question in prepared.questions.items():
        if changed := _answer(row, key):
            answer = held.get(question.pk) or Answer(analysis=analysis, question=question)
            for name, value in changed.items():
                setattr(answer, name, value)
            save_checked(answer, exclude=["analysis", "question"])
