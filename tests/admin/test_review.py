"""From draft to published by way of a review: who may do what, what the reviewer sees, and what is said on the way."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clauses import actions
from clauses.models import Analysis, ReviewComment
from conductatlas import actors
from tests import factories
from tests.raw_sql import refused

from .forms import address, filled_in, told

pytestmark = pytest.mark.django_db


def review(analysis):
    return address(Analysis, "review", analysis.pk)


def press(client, analysis, button, comment="", **more):
    return client.post(review(analysis), {button: "1", "comment": comment, **more}, follow=True)


def state(analysis):
    return Analysis.objects.get(pk=analysis.pk).state


@pytest.fixture
def draft(people):
    return factories.a_draft(by=people["analyst"])


def test_a_draft_goes_to_review_comes_back_and_is_published(people, analyst, reviewer, draft):
    path = address(Analysis, "change", draft.pk)
    answer = analyst.post(
        path, filled_in(analyst.get(path), what_it_is="They keep all of it. [1]", _submit="1"), follow=True
    )
    assert "is in review now" in told(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.in_review_by, draft.what_it_is) == (
        "in_review", people["analyst"], "They keep all of it. [1]",
    )  # fmt: skip

    assert "say in the comment what has to change" in press(reviewer, draft, "_send_back").content.decode()
    assert state(draft) == "in_review"
    assert "is sent back" in told(press(reviewer, draft, "_send_back", "Sentence 2 says more than that."))
    page = analyst.get(review(draft)).content.decode()
    assert "Sentence 2 says more than that." in page
    assert state(draft) == "draft"

    press(analyst, draft, "_submit", "Mended.")
    answer = press(reviewer, draft, "_publish", "Good now.", _as_lawyer="1")
    assert "is published" in told(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.published_by, draft.reviewed_by_lawyer) == ("published", people["reviewer"], True)
    kinds = list(draft.comments.values_list("kind", "by__username", "text"))
    assert kinds == [
        ("submitted", "analyst", ""),
        ("sent_back", "reviewer", "Sentence 2 says more than that."),
        ("submitted", "analyst", "Mended."),
        ("comment", "reviewer", "Good now."),
    ]


def test_what_is_not_finished_is_not_sent_to_review(analyst, people):
    draft = factories.a_draft(by=people["analyst"], confidence="", why_it_matters="It rests on nothing.")
    page = press(analyst, draft, "_submit", "Please look.").content.decode()
    assert "choose how sure you are" in page
    assert "rests on nothing" in page
    assert "Please look." in page, "what was typed is still there"
    assert state(draft) == "draft"
    assert not draft.comments.exists()


def test_an_author_leaves_what_is_in_review_alone_or_takes_it_back(people, analyst, reviewer, draft):
    path = address(Analysis, "change", draft.pk)
    typed = filled_in(analyst.get(path), what_it_is="Too late. [1]")
    actions.submit(analysis=draft, by=people["analyst"])
    late = analyst.post(path, typed)
    assert late.status_code == 403
    assert "Too late. [1]" in late.content.decode(), "nothing typed is lost"
    assert 'name="_save"' not in analyst.get(path).content.decode()
    assert press(analyst, draft, "_send_back", "No.").status_code == 403
    assert "is not yours to take back" in press(reviewer, draft, "_take_back").content.decode()

    changed = filled_in(reviewer.get(path), what_it_is="They keep everything. [1]")
    assert reviewer.post(path, changed).status_code == 302
    assert list(Analysis.objects.get(pk=draft.pk).editors.all()) == [people["reviewer"]]
    assert "drafted or changed by you" in press(reviewer, draft, "_publish").content.decode()

    assert "is a draft again" in told(press(analyst, draft, "_take_back"))
    assert 'name="_save"' in analyst.get(path).content.decode()


def test_a_reviewer_does_not_send_back_or_edit_her_own(people, reviewer, settings):
    own = factories.a_draft(by=people["reviewer"])
    actions.submit(analysis=own, by=people["reviewer"])
    assert "take it back instead" in press(reviewer, own, "_send_back", "No.").content.decode()
    assert "another person has to publish it" in press(reviewer, own, "_publish").content.decode()
    path = address(Analysis, "change", own.pk)
    assert 'name="_save"' not in reviewer.get(path).content.decode()
    settings.ONE_PERSON_TEAM = True
    assert 'name="_save"' in reviewer.get(path).content.decode()
    assert "is published" in told(press(reviewer, own, "_publish"))


def test_roles(people, analyst, reviewer, draft):
    actions.submit(analysis=draft, by=people["analyst"])
    assert press(analyst, draft, "_publish").status_code == 403
    assert press(analyst, draft, "_send_back", "x").status_code == 403
    page = analyst.get(review(draft)).content.decode()
    for button, shown in {"_publish": 0, "_send_back": 0, "_take_back": 1, "_comment": 1, "_submit": 0}.items():
        assert page.count(f'name="{button}"') == shown, button
    page = reviewer.get(review(draft)).content.decode()
    for button, shown in {"_publish": 1, "_send_back": 1, "_take_back": 0, "_comment": 1, "_submit": 0}.items():
        assert page.count(f'name="{button}"') == shown, button
    assert "press one of the buttons" in reviewer.post(review(draft), {"comment": "x"}).content.decode()


def test_the_page_shows_what_differs_field_by_field(people, reviewer):
    first = factories.a_published()
    second = actions.new_version(analysis=first, by=people["analyst"])
    Analysis.objects.filter(pk=second.pk).update(what_it_is="They keep it for years. [1]", opt_out_score=3)
    second.answers.filter(question=first.answers.first().question).update(value="silent", sentences=[])
    applied = second.agencies.get()
    applied.delete()
    page = reviewer.get(review(second))
    labels = {line.label: line.how for line in page.context["differences"]}
    assert labels["What it is"] == "changed"
    assert labels[f"Agency: {applied.agency.name}"] == "removed"
    assert sum(label.startswith("Answer: ") for label in labels) == 1
    assert sum(label.startswith("Severity, ") for label in labels) == 1
    assert "Why it matters" not in labels
    assert "<ins> for years" in page.content.decode() or "<ins>for years" in page.content.decode()
    assert "say what this is to version 1" in page.content.decode()


def test_new_words_are_among_what_differs(people, reviewer):
    first = factories.a_published()
    words = actions.quote(provision=first.provision, segments=[factories.REWORDED], by=actors.catalogue())
    second = actions.new_version(analysis=first, by=people["analyst"], quotation=words)
    assert second.kind == "update"
    lines = {line.label: line for line in reviewer.get(review(second)).context["differences"]}
    assert set(lines) == {"The words"}
    assert lines["The words"].after == factories.REWORDED


def test_a_first_version_is_all_new(reviewer, draft):
    page = reviewer.get(review(draft))
    assert "All of it is new" in page.content.decode()
    assert {line.how for line in page.context["differences"]} == {"added"}


def test_what_changed_while_it_was_read_is_not_published_unseen(people, analyst, reviewer, draft):
    seen = reviewer.get(review(draft)).context["seen"]
    path = address(Analysis, "change", draft.pk)
    analyst.post(path, filled_in(analyst.get(path), what_it_is="Something else. [1]"))
    page = press(reviewer, draft, "_publish", "Fine.", seen=seen)
    assert "Somebody changed this while you were reading" in page.content.decode()
    assert "Fine." in page.content.decode()
    assert state(draft) == "draft"
    assert not draft.comments.exists()
    assert "is published" in told(press(reviewer, draft, "_publish", seen=page.context["seen"]))


def test_a_kind_that_cannot_be_is_refused(people):
    first = factories.a_published()
    second = actions.new_version(analysis=first, by=people["analyst"])
    wrong = {
        "": "say what this is to version 1",
        "first": "say what this is to version 1",
        "update": "the same words as version 1",
        "correction": "tells readers what was wrong",
    }
    for kind, words in wrong.items():
        Analysis.objects.filter(pk=second.pk).update(kind=kind)
        with pytest.raises(actions.analyses.Refused, match=words):
            actions.publish(analysis=second, by=people["reviewer"])
    alone = factories.a_draft()
    Analysis.objects.filter(pk=alone.pk).update(kind="correction")
    refused(
        "UPDATE clauses_analysis SET state = 'published', published_at = now(), published_by_id = drafter_id,"
        " payload = '{}', payload_sha256 = encode(sha256('{}'::bytea), 'hex') WHERE id = %s",
        [alone.pk],
        match="analysis_correction_tells_readers",
    )
    Analysis.objects.filter(pk=alone.pk).update(public_note="x")
    with pytest.raises(actions.analyses.Refused, match="nothing was published of this clause before"):
        actions.publish(analysis=alone, by=people["reviewer"])


def test_states_and_comments_are_held_by_the_database(people, draft):
    for columns in ({"state": "in_review"}, {"in_review_at": "2026-01-01T00:00Z"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Analysis.objects.filter(pk=draft.pk).update(**columns)
    actions.comment(analysis=draft, text="Seen.", by=people["reviewer"])
    for statement in ("UPDATE clauses_reviewcomment SET text = 'x'", "DELETE FROM clauses_reviewcomment"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="review_comment_says_something"), transaction.atomic():
        ReviewComment.objects.create(analysis=draft, kind="sent_back", by=people["reviewer"])
    with pytest.raises(actions.analyses.Refused, match="The comment is empty"):
        actions.comment(analysis=draft, text=" ", by=people["reviewer"])


def test_the_page_takes_a_fixed_number_of_queries(people, reviewer, draft):
    def count():
        with CaptureQueriesContext(connection) as captured:
            reviewer.get(review(draft))
        return len(captured)

    before = count()
    for number in range(5):
        actions.comment(analysis=draft, text=f"Comment {number}.", by=people["editor"])
        draft.actions.create(position=number + 1, kind="ask", channel="email", title=f"Step {number}", sentences=[1])
        draft.agencies.create(agency=factories.an_agency(), reason="Too.", position=number + 1)
    assert count() == before
    assert before <= 20


def test_nobody_without_a_login_reads_it(draft, client):
    assert client.get(review(draft)).status_code == 302
