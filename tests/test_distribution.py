"""What platforms answer to a question: each counts once, and the parts add up to the whole."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clauses import actions
from clauses.figures import adoption, distribution, platforms_by_type, silence
from clauses.figures.distribution import MOST_NAMED, MOST_PROPOSED, SETTLED, Named, tallied, verdict_of
from clauses.figures.silence import part_of
from clauses.models import ClauseType
from clauses.vocabulary import AnswerValue, ProvisionState, Verdict
from conductatlas import actors
from platforms.actions import set_also_serves
from tests import factories

VALUES = st.sampled_from(AnswerValue.values)
QUESTIONS = [(1, "limit", "Is there a limit?"), (2, "deletion", "Is it deleted?"), (3, "open", "Is it open?")]
# Each platform: its clauses, each with its answers by question; a question may have none.
CATALOGUES = st.lists(
    st.lists(st.dictionaries(st.sampled_from([1, 2, 3]), VALUES, max_size=3), min_size=1, max_size=3), max_size=40
)


def counted(catalogue: list[list[dict[int, str]]]):
    """The figures of a made-up catalogue."""
    answers = {}
    for platform, clauses in enumerate(catalogue):
        for question, _, _ in QUESTIONS:
            values = Counter(clause[question] for clause in clauses if question in clause)
            if values:
                answers[platform, question] = values
    names = [(number, Named(f"p-{number}", f"P {number}")) for number in range(len(catalogue))]
    return tallied(QUESTIONS, {number: len(held) for number, held in enumerate(catalogue)}, answers, names)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (["yes"], "yes"),
        (["yes", "silent", "unread"], "yes"),
        (["no", "silent"], "no"),
        (["yes", "no"], "both"),
        (["no", "yes", "unread"], "both"),
        (["silent", "silent"], "silent"),
        (["silent", "unread"], "unread"),
        (["unread"], "unread"),
        ([], "unread"),
    ],
)
def test_a_platform_has_one_verdict(values: list[str], verdict: str) -> None:
    assert verdict_of(values) == verdict


@given(st.lists(VALUES, max_size=5))
def test_the_order_and_number_of_its_clauses_change_no_verdict(values: list[str]) -> None:
    assert verdict_of(values) == verdict_of(values[::-1]) == verdict_of(values * 2)


@given(CATALOGUES)
def test_parts_add_up_and_no_platform_stands_in_two(catalogue) -> None:
    figures = counted(catalogue)
    assert figures.platforms == len(catalogue)
    for spread in figures.spreads:
        assert [part.verdict for part in spread.parts] == list(Verdict)
        assert sum(part.count for part in spread.parts) == spread.total == len(catalogue)
        assert spread.settled == sum(part.count for part in spread.parts if part.verdict in SETTLED) <= spread.total
        named = [platform for part in spread.parts for platform in part.platforms]
        assert len(named) == len(set(named))
        for part in spread.parts:
            assert len(part.platforms) == min(part.count, MOST_NAMED)
            assert part.unnamed == part.count - len(part.platforms)


@given(CATALOGUES)
def test_a_verdict_is_what_its_clauses_say(catalogue) -> None:
    for (question, _, _), spread in zip(QUESTIONS, counted(catalogue).spreads, strict=True):
        for part in spread.parts:
            for platform in part.platforms:
                values = [clause.get(question, "unread") for clause in catalogue[int(platform.slug[2:])]]
                assert verdict_of(values) == part.verdict


@given(CATALOGUES)
def test_the_proposed_settle_no_fewer_questions_than_any_other(catalogue) -> None:
    figures = counted(catalogue)

    def settled(number: int) -> int:
        return sum(
            verdict_of([clause.get(question, "unread") for clause in catalogue[number]]) in SETTLED
            for question, _, _ in QUESTIONS
        )

    proposed = {int(platform.slug[2:]) for platform in figures.proposed}
    assert len(proposed) == min(MOST_PROPOSED, len(catalogue))
    others = set(range(len(catalogue))) - proposed
    assert not others or min(map(settled, proposed)) >= max(map(settled, others))


@given(st.lists(st.sampled_from([True, False, None]), max_size=4), st.booleans())
def test_silence_is_said_only_of_platforms_that_were_read(looks: list[bool | None], recorded: bool) -> None:
    part = part_of(looks, recorded=recorded)
    assert (part in {"found", "elsewhere", "absent"}) == (bool(looks) and None not in looks)
    assert (part == "absent") == (bool(looks) and set(looks) == {False} and not recorded)
    assert part != "absent" or not recorded


def a_clause(clause_type: ClauseType, document, answers: dict[str, str], **fields) -> None:
    """A published clause with these answers; a question without one is not read yet."""
    quotation = factories.a_quotation(factories.a_provision(document, clause_type, **fields))
    questions = {question.key: question for question in clause_type.questions.all()}
    parts = factories.parts_for(quotation.provision) | {
        "answers": [
            {"question": question, "value": answers.get(key, "unread"), "sentences": [1]}
            for key, question in questions.items()
        ]
    }
    draft = actions.draft(
        provision=quotation.provision, quotation=quotation, by=actors.catalogue(), content=factories.content(),
        parts=parts,
    )  # fmt: skip
    actions.publish(analysis=draft, by=actors.catalogue())


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    platforms=st.lists(
        st.lists(st.dictionaries(st.sampled_from(["limit", "deletion"]), VALUES, max_size=2), min_size=1, max_size=2),
        max_size=3,
    )
)
def test_the_database_counts_as_the_rule_says(platforms) -> None:
    with transaction.atomic():
        kind = factories.a_clause_type()
        for clauses in platforms:
            document = factories.a_document()
            for answers in clauses:
                a_clause(kind, document, answers)
        figures = distribution(kind)
        assert figures.platforms == len(platforms) == adoption(kind).recorded == platforms_by_type().get(kind.pk, 0)
        for spread in figures.spreads:
            expected = Counter(
                verdict_of([clause.get(spread.key, "unread") for clause in clauses]) for clauses in platforms
            )
            assert {part.verdict: part.count for part in spread.parts if part.count} == dict(expected)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_document_counts_for_each_platform_that_it_serves_and_removed_or_invented_clauses_for_none() -> None:
    kind = factories.a_clause_type()
    document, served = factories.a_document(), factories.a_platform()
    set_also_serves(document, platforms=[served], by=actors.catalogue())
    a_clause(kind, document, {"limit": "yes"})
    a_clause(kind, factories.a_document(factories.a_platform(invented=True)), {"limit": "no"})
    a_clause(kind, factories.a_document(), {"limit": "no"})
    removed = kind.provisions.last()
    removed.state = ProvisionState.REMOVED
    actions.save_provision(removed, by=actors.catalogue())
    figures = distribution(kind)
    assert figures.platforms == adoption(kind).recorded == platforms_by_type()[kind.pk] == 2
    assert {part.verdict: part.count for part in figures.spreads[0].given} == {Verdict.YES: 2}
    assert {platform.slug for platform in figures.offered} == {document.platform.slug, served.slug}


@pytest.mark.django_db
def test_a_question_that_is_newer_than_a_clause_was_not_read_for_it() -> None:
    kind = factories.a_clause_type(questions=["limit"])
    a_clause(kind, factories.a_document(), {"limit": "yes"})
    questions = [{"key": key, "wording": f"Is there a {key}?"} for key in ("limit", "deletion")]
    actions.set_questions(kind, questions=questions, by=actors.catalogue())
    assert [[part.verdict for part in spread.given] for spread in distribution(kind).spreads] == [
        [Verdict.YES],
        [Verdict.UNREAD],
    ]


@pytest.mark.django_db
def test_silence_adds_up_to_the_catalogue_and_agrees_with_adoption() -> None:
    for kind in ClauseType.objects.all():
        figures, silent = adoption(kind), silence(kind)
        assert (silent.found.count, silent.read, silent.catalogued) == (
            figures.found,
            figures.read,
            figures.catalogued,
        )
        assert distribution(kind).platforms == figures.recorded <= figures.catalogued


@pytest.mark.django_db
def test_who_was_read_and_says_nothing_is_told_from_who_was_not_read() -> None:
    kind = factories.a_clause_type()
    before = silence(kind)
    absent, unread = factories.a_document(), factories.a_document()
    factories.a_reading(absent, kind, "2026-02-01", found=False)
    after = silence(kind)
    assert after.absent.count == 1
    assert after.absent.platforms == (Named(absent.platform.slug, absent.platform.name),)
    assert after.not_read == before.not_read + 1
    assert unread.platform.slug not in {platform.slug for platform in after.absent.platforms}
