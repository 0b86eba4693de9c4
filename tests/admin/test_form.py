"""The form of an analysis: what stands beside it, what answers while one types, and the preview of its page."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clauses import actions
from clauses.models import Analysis, Provision, Quotation
from clauses.rubric import FACTOR_KEYS
from conductatlas import actors
from platforms.models import Edition
from tests import factories

from .forms import address, errors_of, filled_in, signed_in

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


def flat(page: Any) -> str:
    """A page with single blanks."""
    return " ".join(page.content.decode().split())


def asked(client: Client, page: str, target: str, *arguments: Any, **typed: Any) -> str:
    """What htmx gets for a part of the form."""
    headers = {"HX-Request": "true", "HX-Target": target}
    answer = client.post(address(Analysis, page, *arguments), typed, headers=headers)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    return flat(answer)


def scores(score: int = 3) -> dict[str, Any]:
    return {f"{key}_score": score for key in FACTOR_KEYS}


PROSE = {"what_it_is": "They keep it. [1]", "why_it_matters": "It stays. [1]", "what_this_means": "Ask them. [2]"}


def test_words_proof_and_coding_rules_stand_beside_the_fields(analyst):
    snapshot = factories.a_snapshot(factories.a_document())
    provision = factories.a_provision(snapshot.document, applies_to_region="Only there")
    draft = factories.a_draft(factories.a_quotation(provision))
    kind = provision.clause_type
    kind.questions.filter(key="limit").update(help="Yes where a period is named.")
    page = flat(analyst.get(address(Analysis, "change", draft.pk)))
    assert 'id="sentence-2" data-number="2">You can ask us to delete it.' in page
    assert "Found word for word in the text of 31 Jan 2026" in page
    assert f"{snapshot.document.get_absolute_url()}versions/1/#{provision.slug}" in page
    assert reverse("admin:platforms_snapshot_read", args=[snapshot.pk]) in page
    assert "Applies to region: Only there" in page
    for words in (kind.definition, "Periods.", "Deletion on request.", "Yes where a period is named."):
        assert words in page


def test_severity_follows_the_scores_and_says_what_caps_it(analyst):
    def shown(**typed: Any) -> str:
        return asked(analyst, "severity", "severity", **typed)

    nothing = shown()
    assert "0 of 15 points so far" in nothing
    assert "anything from low to high" in nothing
    whole = {**scores(), **PROSE, "confidence": "high"}
    assert "High</span> severity: 15 of 15 points." in shown(**whole)
    low = shown(**whole | {"confidence": "low"})
    assert "Medium</span>" in low and "at most. Your confidence is low." in low
    inferred = shown(**whole | {"what_it_is": "They keep it. [~]"})
    assert "Medium</span>" in inferred and "The basis is inferred" in inferred
    partly = shown(**whole | {"breadth_score": ""})
    assert "12 of 15 points so far" in partly
    assert "Not scored yet: Breadth. The severity will be high." in partly
    unsure = shown(**whole | {"confidence": "", "what_this_means": ""})
    assert "It will be medium at most if your confidence is low or the three texts" in unsure
    for nonsense in ("9", "-1", "x", "²", "1" * 5000):
        assert "Not scored yet: Breadth" in shown(**whole | {"breadth_score": nonsense, "confidence": nonsense})


def test_a_sentence_that_rests_on_nothing_is_named_while_one_types(analyst):
    draft = factories.a_draft()

    def shown(text: str, name: str = "why_it_matters", **typed: Any) -> str:
        return asked(analyst, "sentences", f"rests-{name}", draft.pk, **{name: text, **typed})

    assert shown("") == ""
    assert "Every sentence rests on something." in shown("It stays. [1] And more. [~]")
    assert "Sentence 2 (“It may go on.”) rests on nothing" in shown("It stays. [1] It may go on.")
    assert "rests on sentence 7, but the quotation has 2" in shown("It stays. [7]")
    assert '<a class="sentence-link" href="#sentence-1">1</a>' in shown("**It** stays. [1]").replace(
        'href="#sentence-1" class="sentence-link"', 'class="sentence-link" href="#sentence-1"'
    )
    hostile = shown("<script>alert(1)</script> [1]")
    assert "<script" not in hostile and "&lt;script&gt;" in hostile
    longer = factories.a_quotation(draft.provision, words="One thing is so. Two things are so. Three things are so.")
    assert "the quotation has" not in shown("It stays. [3]", quotation=longer.pk)
    strange = factories.a_quotation(words="One thing is so. Two things are so. Three things are so.")
    assert "but the quotation has 2" in shown("It stays. [3]", quotation=strange.pk)
    assert "but the quotation has 2" in shown("It stays. [3]", quotation="9" * 40)


def test_without_htmx_the_same_addresses_answer_with_whole_pages(analyst):
    draft = factories.a_draft()
    answer = analyst.post(address(Analysis, "severity"), scores())
    assert "<html" in answer.content.decode() and "15 of 15 points" in flat(answer)
    answer = analyst.post(address(Analysis, "sentences", draft.pk), {"what_it_is": "It is."})
    assert "<html" in answer.content.decode() and "rests on nothing" in flat(answer)
    assert analyst.get(address(Analysis, "severity")).status_code == 405
    assert analyst.get(address(Analysis, "sentences", draft.pk)).status_code == 405
    assert analyst.post(address(Analysis, "preview", draft.pk)).status_code == 405
    assert analyst.post(address(Analysis, "sentences", 999_999)).status_code == 404
    assert analyst.get(address(Analysis, "preview", 999_999)).status_code == 404


def test_who_may_not_see_analyses_gets_no_answer(client):
    draft = factories.a_draft()
    bare = signed_in(User.objects.create_user("bare", is_staff=True))
    for page, arguments in (("severity", []), ("sentences", [draft.pk]), ("preview", [draft.pk])):
        path = address(Analysis, page, *arguments)
        assert client.get(path).status_code == 302
        assert client.post(path).templates[0].name == "admin/login.html"
        assert bare.get(path).status_code == bare.post(path).status_code == 403


def test_every_question_of_the_type_stands_there_and_is_kept(analyst):
    draft = factories.a_draft()
    kind = draft.provision.clause_type
    actions.set_questions(
        kind,
        questions=[
            *({"key": row.key, "wording": row.wording} for row in kind.questions.all()),
            {"key": "new", "wording": "Is it new?"},
        ],
        by=actors.catalogue(),
    )
    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    assert flat(page).count("<legend>The words say</legend>") == 3
    assert "Is it new?" in flat(page)
    assert analyst.post(path, filled_in(page)).status_code == 302
    assert sorted((row.question.key, row.value) for row in draft.answers.all()) == [
        ("deletion", "yes"),
        ("limit", "yes"),
        ("new", "unread"),
    ]
    page = analyst.get(path)
    answer = analyst.post(path, filled_in(page, **{"answers-2-value": "no", "answers-2-sentences": ["2"]}))
    assert answer.status_code == 302, errors_of(answer)
    assert draft.answers.get(question__key="new").sentences == [2]


def test_numbers_of_other_words_stay_until_they_are_taken_away(analyst):
    quotation = factories.a_quotation(words="One thing is so. Two things are so. Three things are so.")
    draft = factories.a_draft(quotation)
    draft.answers.filter(question__key="limit").update(sentences=[1, 3])
    shorter = factories.a_quotation(draft.provision, words="One thing is really so.")
    path = address(Analysis, "change", draft.pk)
    answer = analyst.post(path, filled_in(analyst.get(path), quotation=shorter.pk))
    assert answer.status_code == 302, errors_of(answer)
    page = analyst.get(path)
    assert "3 (no such sentence)" in flat(page)
    assert "there is no sentence 3; the quotation has 1" in flat(page)
    answer = analyst.post(path, filled_in(page, **{"answers-0-sentences": ["1"], "answers-1-sentences": ["1"]}))
    assert answer.status_code == 302, errors_of(answer)
    assert [row.sentences for row in draft.answers.all()] == [[1], [1]]


def test_the_preview_is_the_page_that_is_published_and_stores_nothing(people, analyst, reviewer):
    snapshot = factories.a_snapshot(factories.a_document())
    draft = factories.a_draft(
        factories.a_quotation(factories.a_provision(snapshot.document)),
        by=people["analyst"],
        what_it_is="They **keep** it. [1]",
        interpretive_note="“May” is open.",
        enforcement_risk="A [law](https://law.example/) says so.",
        jurisdiction_flags=[],
        checklist=["Ask them"],
    )
    before = Analysis.objects.filter(pk=draft.pk).values().get(), Edition.objects.count()
    page = reviewer.get(address(Analysis, "preview", draft.pk))
    assert "Preview, not published" in flat(page)
    assert 'content="noindex"' in flat(page)
    assert (Analysis.objects.filter(pk=draft.pk).values().get(), Edition.objects.count()) == before
    assert Client().get(draft.provision.get_absolute_url()).status_code == 404
    actions.publish(analysis=draft, by=people["reviewer"])
    public = Client().get(draft.provision.get_absolute_url())

    def sections(answer: Any) -> dict[str, str]:
        article = flat(answer).split("</article>")[0]
        parts = re.split(r'<section class="section[^"]*" aria-labelledby="([a-z-]+)">', article)
        return dict(zip(parts[1::2], parts[2::2], strict=True))

    wanted = {"what-it-is", "document-record", "our-analysis", "what-you-can-do", "institutional", "agencies"}
    assert wanted | {"regulations", "questions"} <= sections(public).keys() == sections(page).keys()
    for name in sections(public).keys() - {"details", "citation"}:  # these hold the moment of publication
        mine, published = (sections(answer)[name].split("How many platforms")[0] for answer in (page, public))
        assert mine == published  # but for counts, which grow with the publication
    assert reviewer.get(address(Analysis, "preview", draft.pk)).headers["Location"] == draft.get_absolute_url()


def test_a_draft_is_saved_and_then_previewed(analyst):
    draft = factories.a_draft()
    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    assert 'name="_preview"' in flat(page)
    answer = analyst.post(path, filled_in(page, _preview="1", what_it_is="They keep all of it. [1]"), follow=True)
    assert answer.redirect_chain[-1][0] == address(Analysis, "preview", draft.pk)
    assert "They keep all of it." in flat(answer)
    draft.refresh_from_db()
    assert draft.state == "draft"
    answer = analyst.post(path, filled_in(analyst.get(path), _preview="1", breadth_score=""), follow=True)
    assert "Severity: Breadth has no score yet." in flat(answer)
    assert path in flat(answer)


ALIKE = "We keep what you write for as long as we need it. You can ask us to delete it."


def test_words_that_stand_in_another_clause_of_the_document_ask_for_a_second_look(analyst):
    document = factories.a_document()
    known = factories.a_quotation(factories.a_provision(document, title="Kept for long"))
    other = factories.a_provision(document, slug="another-one", title="Another one")
    path = address(Quotation, "add")
    page = analyst.get(path)
    assert '<input type="hidden" name="looked"' in flat(page)
    data = filled_in(page, provision=other.pk, words=ALIKE)
    answer = analyst.post(path, data)
    assert answer.status_code == 200
    assert f"{known.provision.record_id} Kept for long</a> (9" in flat(answer)
    assert address(Provision, "change", known.provision.pk) in flat(answer)
    assert '<input type="checkbox" name="looked"' in flat(answer)
    assert "the same words" in errors_of(analyst.post(path, data | {"words": factories.WORDS.upper()}))
    assert not other.quotations.exists()
    draft = factories.a_draft(known)
    assert "other clauses with nearly these words" not in flat(analyst.get(address(Analysis, "change", draft.pk)))
    assert analyst.post(path, data | {"looked": "on"}).status_code == 302
    assert other.quotations.count() == 1
    assert f"{other.record_id} Another one</a>" in flat(analyst.get(address(Analysis, "change", draft.pk)))
    elsewhere = factories.a_provision()
    assert analyst.post(path, data | {"provision": elsewhere.pk}).status_code == 302
    again = data | {"provision": known.provision.pk, "words": "All that you upload is shared with our many partners."}
    assert analyst.post(path, again).status_code == 302


def test_a_second_clause_of_the_same_title_asks_for_a_second_look(analyst):
    known = factories.a_provision(title="Kept for long")
    path = address(Provision, "add")
    data = filled_in(
        analyst.get(path),
        document=known.document_id,
        clause_type=known.clause_type_id,
        title="Kept For Long",
        slug="kept-for-long-2",
    )
    answer = analyst.post(path, data)
    assert f"{known.record_id} Kept for long</a> (the same title)" in flat(answer)
    assert analyst.post(path, data | {"looked": "on"}).status_code == 302


def test_the_form_takes_as_many_queries_whatever_it_holds(analyst):
    def queries(draft: Analysis, page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert analyst.get(address(Analysis, page, draft.pk)).status_code == 200
        return len(captured)

    def draft_with(rows: int) -> Analysis:
        kind = factories.a_clause_type(questions=[f"question-{number}" for number in range(rows)])
        document = factories.a_document()
        for number in range(rows):
            factories.a_quotation(factories.a_provision(document, kind), words=f"Sentence {number} says what it says.")
        provision = factories.a_provision(document, kind)
        parts = factories.parts_for(provision)
        for _ in range(rows - 1):
            parts["actions"].append(parts["actions"][0])
            parts["agencies"].append({"agency": factories.an_agency(), "reason": "Because."})
            parts["regulations"].append({"regulation": factories.a_regulation(), "reason": "Because."})
        return actions.draft(
            provision=provision,
            quotation=factories.a_quotation(provision),
            by=actors.catalogue(),
            content=factories.content() | {"jurisdiction_flags": [{"jurisdiction": "EU", "text": "Ask."}]},
            parts=parts,
        )

    few, many = draft_with(1), draft_with(6)
    analyst.get(address(Analysis, "change", few.pk))
    for page in ("change", "preview"):
        assert queries(few, page) == queries(many, page) <= MOST_QUERIES, page


def test_an_agencys_scope_is_shown_and_a_frozen_analysis_is_only_read(analyst):
    published = factories.a_published()
    page = flat(analyst.get(address(Analysis, "change", published.pk)))
    assert "Unfair terms." in page and "Who may complain: Anyone." in page
    assert "Rests on 1." in page
    assert "hx-post" not in page
    assert 'name="_preview"' not in page
