"""What PostgreSQL asks of an analysis before and after it is published."""

from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from clauses.models import Analysis
from clauses.models.analyses import PUBLIC_PROSE_TITLES, Action, Answer, severity_in_database
from clauses.rubric import FACTOR_KEYS, assess
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.models import Change

from . import factories
from .raw_sql import refused

pytestmark = pytest.mark.django_db


FROZEN_COLUMNS = {
    "what_it_is": "'They keep all. [1]'",
    "severity_reason": None,
    "confidence": "'low'",
    "breadth_score": "0",
    "drafted_on": "'2020-01-01'",
    "published_at": "now()",
    "payload": "'{}'",
    "payload_sha256": f"'{'0' * 64}'",
    "quotation_id": "1",
    "version": "9",
    "public_note": "'x'",
    "reviewed_by_lawyer": "true",
}


@pytest.mark.parametrize("column", [column for column, value in FROZEN_COLUMNS.items() if value])
def test_a_published_analysis_is_frozen(column):
    published = factories.a_published()
    refused(
        f"UPDATE clauses_analysis SET {column} = {FROZEN_COLUMNS[column]} WHERE id = %s", [published.pk], match="frozen"
    )
    field = column.removesuffix("_id")
    if field not in {"published_at", "quotation"}:
        value = getattr(published, field)
        changed = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else "x"
        with pytest.raises(DatabaseError), transaction.atomic():
            Analysis.objects.filter(pk=published.pk).update(
                **{field: date(2020, 1, 1) if field == "drafted_on" else changed}
            )


def test_a_published_analysis_stays_and_never_becomes_a_draft():
    published = factories.a_published()
    refused("DELETE FROM clauses_analysis WHERE id = %s", [published.pk], match="permanent")
    refused("UPDATE clauses_analysis SET state = 'draft' WHERE id = %s", [published.pk], match="never becomes a draft")
    with pytest.raises(models.ProtectedError):
        published.delete()


PARTS = ("clauses_answer", "clauses_action", "clauses_appliedagency", "clauses_appliedregulation")


@pytest.mark.parametrize("table", PARTS)
def test_the_parts_of_a_published_analysis_are_frozen(table):
    published = factories.a_published()
    draft = factories.a_draft(factories.a_quotation(factories.a_provision(clause_type=published.provision.clause_type)))
    refused(f"DELETE FROM {table} WHERE analysis_id = %s", [published.pk], match="frozen")
    refused(f"UPDATE {table} SET analysis_id = %s WHERE analysis_id = %s", [draft.pk, published.pk], match="frozen")
    refused(f"UPDATE {table} SET analysis_id = %s WHERE analysis_id = %s", [published.pk, draft.pk], match="frozen")
    part = apps.get_model(table.replace("_", ".", 1))
    row = part.objects.filter(analysis=published).first()
    for attempt in (row.save, row.delete, lambda: part.objects.filter(pk=row.pk).update(analysis=published)):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            attempt()
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        row.save(force_insert=True)


def test_one_published_analysis_a_clause():
    quotation = factories.a_quotation()
    factories.a_published(quotation)
    second = factories.a_draft(quotation)
    refused(publishing(), [second.pk], match="analysis_one_published_a_clause")


def publishing(payload: str = "{}", sha256: str = "") -> str:
    """Raw SQL that publishes a draft, with a hash that is true unless one is given."""
    named = f"'{sha256}'" if sha256 else f"encode(sha256('{payload}'::bytea), 'hex')"
    return (
        f"UPDATE clauses_analysis SET state = 'published', published_at = now(), published_by_id = drafter_id,"
        f" payload = '{payload}', payload_sha256 = {named} WHERE id = %s"
    )


@pytest.mark.parametrize(("payload", "sha256"), [("{}", "0" * 64), ("", "0" * 64), ("", "x"), ("{", "")])
def test_a_payload_is_named_by_its_own_hash_and_is_json(payload, sha256):
    draft = factories.a_draft()
    refused(publishing(payload, sha256), [draft.pk], match="analysis_payload|analysis_published_is_frozen")


def test_a_payload_is_that_of_its_analysis():
    refused(publishing(), [factories.a_draft().pk], match="not that of this analysis")
    published = factories.a_published()
    other = factories.a_draft()
    refused(publishing(published.payload.replace("'", "''")), [other.pk], match="not that of this analysis")


def test_the_html_of_a_published_analysis_is_frozen_too():
    published = factories.a_published()
    refused("UPDATE clauses_analysis SET rendered = '{}' WHERE id = %s", [published.pk], match="frozen")


@pytest.mark.parametrize(
    "prose", ["Nothing carries this claim. So it is refused! [1]", "They keep whatever. It stays. [1]"]
)
def test_a_sentence_between_others_rests_on_something_too(prose):
    draft = factories.a_draft()
    refused(
        "UPDATE clauses_analysis SET what_it_is = %s, state = 'published', published_at = now(),"
        " published_by_id = drafter_id, payload = '{}', payload_sha256 = encode(sha256('{}'::bytea), 'hex')"
        " WHERE id = %s",
        [prose, draft.pk],
        match="rests on nothing",
    )


def test_a_false_proof_is_refused():
    quotation = factories.a_quotation()
    snapshot = factories.a_snapshot(quotation.provision.document)
    for state, spans in (("exact", "[[0, 999]]"), ("exact", "[[0, 3]]"), ("normalised", "[]"), ("absent", "[[0, 3]]")):
        refused(
            "INSERT INTO clauses_proof (quotation_id, text_id, method, state, spans, computed_at)"
            " VALUES (%s, %s, 99, %s, %s, now())",
            [quotation.pk, snapshot.text_id, state, spans],
            match="spans|no place",
        )


def test_changes_and_answered_questions_stay():
    refused("DELETE FROM platforms_change WHERE id = %s", [Change.objects.first().pk], match="append-only")
    question = factories.a_published().answers.first()
    if question is None:
        question = Analysis.objects.published().filter(answers__isnull=False).first().answers.first()
    refused("UPDATE clauses_question SET key = 'other' WHERE id = %s", [question.question_id], match="keeps its type")


@pytest.mark.parametrize(
    "prose",
    [
        "They keep it.",
        "They keep it. [1]\n\nAnd more.",
        "They keep it. [3]",
        "They keep it. [1,99]",
        "They keep it. [0]",
        "Kept [1] it.",
    ],
)
@pytest.mark.parametrize("column", ["what_it_is", "why_it_matters", "what_this_means"])
def test_publishing_needs_a_sentence_behind_every_claim(column, prose):
    """The quotation has two sentences."""
    draft = factories.a_draft(**{column: prose})
    with pytest.raises(platform_actions.Refused, match=f"{PUBLIC_PROSE_TITLES[column]}: "):
        factories.actions.publish(analysis=draft, by=actors.catalogue())
    refused(publishing(), [draft.pk], match="rests on nothing|no sentence")


@pytest.mark.parametrize(
    "prose",
    [
        "It is so. [1]",
        "It is so [1].",
        "It is so. [ 1 , 2 ]",
        "It is so. [1] [2]",
        "“It is so [~].”",
        "So. [~]\n\nAnd so. [2]…",
    ],
)
def test_what_the_action_publishes_the_database_takes(prose):
    published = factories.a_published(what_it_is=prose)
    assert published.state == "published"
    assert (
        'class="rests-on"' in published.rendered["what_it_is"] or 'class="inferred"' in published.rendered["what_it_is"]
    )


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_no_draft_skips_publication(state):
    draft = factories.a_draft(what_it_is="It rests on nothing.")
    statement = publishing().replace(
        "state = 'published'", f"state = '{state}', closed_at = now(), closed_by_id = drafter_id, closed_reason = 'x'"
    )
    refused(statement, [draft.pk], match="rests on nothing")


def test_answers_and_steps_name_sentences_that_exist():
    draft = factories.a_draft()
    answer = draft.answers.first()
    answer.sentences = [3]
    answer.save()
    with pytest.raises(platform_actions.Refused, match="there is no sentence 3; the quotation has 2"):
        factories.actions.publish(analysis=draft, by=actors.catalogue())
    refused(publishing(), [draft.pk], match="There is no sentence 3: the quotation has 2")


def test_the_words_of_another_clause_are_refused():
    mine, theirs = factories.a_quotation(), factories.a_quotation()
    with pytest.raises(
        platform_actions.Refused, match=f"another clause: choose a quotation of {mine.provision.record_id}"
    ):
        factories.actions.draft(provision=mine.provision, quotation=theirs, by=actors.catalogue(), content={})
    draft = factories.a_draft(mine)
    refused(
        "UPDATE clauses_analysis SET quotation_id = %s WHERE id = %s",
        [theirs.pk, draft.pk],
        match="words_of_the_same_clause",
    )
    refused(
        "UPDATE clauses_analysis SET provision_id = %s WHERE id = %s",
        [theirs.provision_id, draft.pk],
        match="permanent",
    )


def test_an_answer_fits_its_question_and_a_step_its_type():
    draft = factories.a_draft()
    strange = factories.a_clause_type().questions.first()
    with pytest.raises(IntegrityError, match="none of this clause's type"), transaction.atomic():
        Answer.objects.create(analysis=draft, question=strange)
    with pytest.raises(IntegrityError, match="none of this clause's type"), transaction.atomic():
        Answer.objects.filter(analysis=draft).update(question=strange)
    with pytest.raises(IntegrityError, match="refuse_arbitration does not fit"), transaction.atomic():
        Action.objects.create(
            analysis=draft, position=9, kind="refuse_arbitration", channel="email", title="Opt out of arbitration"
        )
    with pytest.raises(IntegrityError, match="refuse_arbitration does not fit"), transaction.atomic():
        Action.objects.filter(analysis=draft).update(kind="refuse_arbitration")
    refused(
        "UPDATE clauses_answer SET value = 'yes', sentences = '{}' WHERE analysis_id = %s",
        [draft.pk],
        match="answer_rests",
    )


def test_severity_in_postgresql_is_the_rubric():
    """All scores × confidences × bases, in one query over the very expression of the column."""
    expression = Analysis._meta.get_field("severity").expression
    assert str(expression) == str(severity_in_database())
    generated = Analysis._meta.get_field("severity").generated_sql(connection)
    columns = ", ".join(f'"{key}_score"' for key in FACTOR_KEYS)
    series = " CROSS JOIN ".join(
        f'generate_series(0, 3) AS s{index}("{key}_score")' for index, key in enumerate(FACTOR_KEYS)
    )
    statement, parameters = generated
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, confidence, basis, {statement} FROM {series}"
            " CROSS JOIN unnest(ARRAY['high', 'medium', 'low']) AS c(confidence)"
            " CROSS JOIN unnest(ARRAY['stated', 'inferred']) AS b(basis)",
            parameters,
        )
        rows = cursor.fetchall()
    assert len(rows) == 4**5 * 3 * 2
    for *scores, confidence, basis, severity in rows:
        expected = assess(dict(zip(FACTOR_KEYS, scores, strict=True)), confidence=confidence, basis=basis).level
        assert severity == expected, (scores, confidence, basis)


def test_nobody_writes_a_severity():
    draft = factories.a_draft(factories.a_quotation(), **factories.content(score=3, confidence="low"))
    assert draft.severity == "medium"
    refused(
        "UPDATE clauses_analysis SET severity = 'high' WHERE id = %s",
        [draft.pk],
        match="can only be updated to DEFAULT",
    )
    for score in (4, -1):
        refused(
            "UPDATE clauses_analysis SET breadth_score = %s WHERE id = %s", [score, draft.pk], match="check constraint"
        )
    refused(
        "UPDATE clauses_analysis SET breadth_reason = '' WHERE id = %s",
        [draft.pk],
        match="breadth_scored_with_a_reason",
    )
    refused("UPDATE clauses_analysis SET basis = 'felt' WHERE id = %s", [draft.pk], match="analysis_basis")
