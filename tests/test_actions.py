"""What the actions do beyond saving: addresses that move, publication, proofs in both directions, editions."""

import hashlib
import json
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from clauses import actions
from clauses.evidence import evidence_for
from clauses.models import Analysis, Provision, Quotation
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.actions import Refused
from platforms.addresses import moved
from platforms.models import Change, Document, Edition, FormerAddress, Platform, Text

from . import factories

pytestmark = pytest.mark.django_db


def by() -> User:
    return actors.catalogue()


def rename(platform: Platform, slug: str) -> None:
    platform.slug = slug
    platform_actions.save_platform(platform, by=by())


def move(document: Document, *, slug: str = "", platform: Platform | None = None) -> None:
    document.slug, document.platform = slug or document.slug, platform or document.platform
    platform_actions.save_document(document, by=by())


def assert_redirects(client, path: str, target: str) -> None:
    """One answer, 301, that names the present address: no second hop."""
    answer = client.get(f"{path}?a=1")
    assert (answer.status_code, answer.headers.get("Location")) == (301, f"{target}?a=1")


# Addresses


def test_a_renamed_platform_redirects_with_all_below_it(client):
    platform = factories.a_platform(slug="oldwerk")
    document = factories.a_document(platform, slug="terms")
    version = factories.a_snapshot(document).version
    provision = factories.a_published(factories.a_quotation(factories.a_provision(document, slug="kept"))).provision
    rename(platform, "newwerk")
    assert_redirects(client, "/platform/oldwerk/", "/platform/newwerk/")
    assert_redirects(client, "/platform/oldwerk/terms/", "/platform/newwerk/terms/")
    assert_redirects(client, "/platform/oldwerk/terms/kept/", "/platform/newwerk/terms/kept/")
    assert_redirects(client, "/platform/oldwerk/terms/versions/1.md", "/platform/newwerk/terms/versions/1.md")
    provision.refresh_from_db()
    for record in (provision, document, version):
        record = type(record).objects.get(pk=record.pk)
        assert client.get(record.get_absolute_url()).status_code == 200


def test_a_moved_document_takes_its_clauses_along(client):
    first, second = factories.a_platform(slug="first"), factories.a_platform(slug="second")
    document = factories.a_document(first, slug="terms")
    factories.a_published(factories.a_quotation(factories.a_provision(document, slug="kept")))
    move(document, slug="user-terms", platform=second)
    assert_redirects(client, "/platform/first/terms/kept/", "/platform/second/user-terms/kept/")


def test_chains_of_moves_answer_in_one_hop(client):
    platform = factories.a_platform(slug="a")
    document = factories.a_document(platform, slug="terms")
    rename(platform, "b")
    move(document, slug="rules")
    rename(platform, "c")
    move(document, slug="conditions")
    for old in ("/platform/a/terms/", "/platform/b/terms/", "/platform/b/rules/", "/platform/c/rules/"):
        assert_redirects(client, old, "/platform/c/conditions/")


def test_an_address_that_comes_back_is_free_again(client):
    platform = factories.a_platform(slug="a")
    document = factories.a_document(platform, slug="terms")
    rename(platform, "b")
    move(document, slug="rules")
    rename(platform, "a")
    assert client.get("/platform/a/").status_code == 200
    for old in ("/platform/a/terms/", "/platform/b/terms/", "/platform/b/rules/"):
        assert_redirects(client, old, "/platform/a/rules/")
    move(document, slug="terms")
    assert client.get("/platform/a/terms/").status_code == 200
    assert_redirects(client, "/platform/b/rules/", "/platform/a/terms/")


def test_circles_written_by_hand_end_in_not_found(client):
    for old, new in (("/x/", "/y/"), ("/y/", "/z/"), ("/z/", "/x/")):
        platform_actions.save_former_address(FormerAddress(old_path=old, new_path=new), by=by())
    assert moved("/x/") is None
    assert client.get("/x/deep/below/").status_code == 404


def test_a_path_that_grows_with_each_hop_ends(client):
    platform_actions.save_former_address(FormerAddress(old_path="/g/", new_path="/g/g/"), by=by())
    assert client.get("/g/").status_code in {301, 404}


def test_only_missing_pages_are_looked_up(client, django_assert_num_queries):
    platform_actions.save_former_address(FormerAddress(old_path="/about/", new_path="/methodology/"), by=by())
    assert client.get("/about/").status_code == 200
    assert client.post("/platform/nowhere/").status_code in {403, 404, 405}
    with django_assert_num_queries(0):
        assert client.get("/" + "a/" * 600).status_code == 404
    assert client.get("/%00/").status_code == 404


def test_a_redirect_never_leaves_the_site(client):
    platform_actions.save_former_address(FormerAddress(old_path="/o/", new_path="//evil.example/"), by=by())
    assert not client.get("/o/").headers["Location"].startswith("//")


def test_merged_clauses_redirect_and_chains_of_merges_are_flat(client):
    document = factories.a_document(slug=factories.unique("terms"))
    first, second, third = (
        factories.a_published(factories.a_quotation(factories.a_provision(document, slug=slug))).provision
        for slug in "abc"
    )
    actions.merge(provision=first, into=second, by=by())
    actions.merge(provision=second, into=third, by=by())
    assert Provision.objects.get(pk=first.pk).merged_into == third
    assert_redirects_without_query(client, first.get_absolute_url(), third.get_absolute_url())
    assert_redirects_without_query(client, second.get_absolute_url(), third.get_absolute_url())
    assert client.get(f"/record/{first.record_id}/").headers["Location"] == third.get_absolute_url()
    with pytest.raises(Refused, match=r"choose a record that stands by itself"):
        actions.merge(provision=third, into=first, by=by())
    with pytest.raises(Refused, match=r"choose a record that stands by itself"):
        actions.merge(provision=third, into=third, by=by())
    with pytest.raises(Refused, match="nothing left to remove"):
        actions.mark_removed(provision=Provision.objects.get(pk=first.pk), by=by())


def assert_redirects_without_query(client, path: str, target: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get("Location")) == (301, target)


def test_a_merged_clause_is_in_no_list_and_a_removed_one_keeps_its_page(client):
    document = factories.a_document()
    kept, gone, merged = (
        factories.a_published(factories.a_quotation(factories.a_provision(document))).provision for _ in range(3)
    )
    actions.mark_removed(provision=gone, by=by())
    actions.merge(provision=merged, into=kept, by=by())
    assert list(Provision.objects.published().filter(document=document)) == [kept]
    assert set(Provision.objects.public().filter(document=document)) == {kept, gone}
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_entries_of_the_taxonomy_and_the_law_redirect_after_a_rename(client):
    for entry in (factories.an_agency(), factories.a_regulation(), factories.a_clause_type()):
        old = entry.get_absolute_url()
        entry.slug = factories.unique("renamed")
        actions.save_entry(entry, by=by())
        assert_redirects(client, old, entry.get_absolute_url())


# Publication


def person(name: str) -> User:
    return User.objects.create_user(name)


def test_four_eyes(settings):
    author, other = person("author"), person("other")
    draft = factories.a_draft(by=author)
    with pytest.raises(Refused, match="drafted by you: another person has to publish it"):
        actions.publish(analysis=draft, by=author)
    draft.refresh_from_db()
    assert (draft.state, draft.payload) == ("draft", "")
    published = actions.publish(analysis=draft, by=other, as_lawyer=True)
    assert (published.reviewed_by, published.published_by, published.reviewed_by_lawyer) == (other, other, True)
    assert '"lawyer":true' in published.payload


def test_a_team_of_one_publishes_its_own_and_nobody_has_reviewed_it(settings):
    settings.ONE_PERSON_TEAM = True
    author = person("author")
    published = actions.publish(analysis=factories.a_draft(by=author), by=author, as_lawyer=True)
    assert (published.state, published.published_by, published.reviewed_by) == ("published", author, None)
    assert published.reviewed_by_lawyer is False


def test_built_in_actors_are_exempt_and_cannot_log_in():
    for actor in (actors.catalogue(), actors.machine()):
        assert actions.publish(analysis=factories.a_draft(by=actor), by=actor).state == "published"
        assert not actor.is_active
        assert not actor.has_usable_password()


def test_publication_freezes_everything_under_one_hash():
    published = factories.a_published()
    payload = json.loads(published.payload)
    assert published.payload_sha256 == hashlib.sha256(published.payload.encode()).hexdigest()
    assert payload["record"] == published.provision.record_id
    assert payload["quotation"]["segments"] == [factories.WORDS]
    assert [row["reason"] for row in payload["agencies"]] == ["It watches such terms."]
    assert payload["regulations"][0]["articles"] == ["Art. 5(1), (2)"]
    assert published.payload == json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pytest.raises(Refused, match="published already"):
        actions.publish(analysis=published, by=by())
    with pytest.raises(Refused, match="make a new version"):
        actions.save_draft(published)


def test_a_later_edit_of_an_agency_leaves_the_frozen_words(client):
    published = factories.a_published()
    agency = published.agencies.get().agency
    agency.remit, agency.name = "Something else.", "Another name"
    actions.save_entry(agency, by=by())
    published.refresh_from_db()
    answer = client.get(f"{published.get_absolute_url().rstrip('/')}.json")
    assert hashlib.sha256(answer.content).hexdigest() == published.payload_sha256
    assert b"Another name" not in answer.content


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"confidence": ""}, "choose how sure you are"),
        ({"opt_out_score": None}, "Way out has no score yet"),
        ({"what_this_means": ""}, "what_this_means: there is no sentence"),
        ({"why_it_matters": "It rests on nothing."}, "rests on nothing"),
        ({"what_it_is": "It does. [7]"}, "rests on sentence 7, but the quotation has 2"),
    ],
)
def test_publication_says_what_is_missing(missing, told):
    draft = factories.a_draft(**missing)
    with pytest.raises(Refused, match=told):
        actions.publish(analysis=draft, by=by())


def test_publication_needs_an_answer_to_every_question():
    draft = factories.a_draft()
    draft.answers.first().delete()
    with pytest.raises(Refused, match="'limit' has none"):
        actions.publish(analysis=draft, by=by())


def test_a_new_version_takes_the_place_of_the_old_one(client):
    first = factories.a_published()
    second = actions.new_version(analysis=first, by=person("author"))
    assert (second.version, second.state, second.drafted_by, second.public_note) == (2, "draft", "person", "")
    for part in ("answers", "actions", "agencies", "regulations"):
        assert getattr(second, part).count() == getattr(first, part).count() > 0
    with pytest.raises(Refused, match="has an open draft already, version 2"):
        actions.new_version(analysis=first, by=by())
    second.what_it_is = "They keep it all. [1]"
    actions.save_draft(second)
    actions.publish(analysis=second, by=by())
    first.refresh_from_db()
    assert (first.state, first.closed_reason) == ("superseded", "Replaced by version 2.")
    assert first.closed_at is not None
    assert client.get(first.get_absolute_url()).status_code == 200
    assert "They keep it all." in client.get(second.provision.get_absolute_url()).content.decode()


def test_a_withdrawn_version_keeps_its_page_and_says_why(client):
    published = factories.a_published()
    with pytest.raises(Refused, match="needs the reason"):
        actions.withdraw(analysis=published, reason="  ", by=by())
    actions.withdraw(analysis=published, reason="The words were misread.", by=by())
    published.refresh_from_db()
    assert (published.state, published.closed_by) == ("withdrawn", by())
    assert "The words were misread." in client.get(published.get_absolute_url()).content.decode()
    assert "The words were misread." in client.get(published.provision.get_absolute_url()).content.decode()
    assert not Provision.objects.published().filter(pk=published.provision_id).exists()
    with pytest.raises(Refused, match="is not the published version"):
        actions.withdraw(analysis=published, reason="Again.", by=by())
    again = actions.new_version(analysis=published, by=by())
    assert actions.publish(analysis=again, by=by()).version == 2


def test_what_is_closed_stays_closed():
    published = factories.a_published()
    actions.withdraw(analysis=published, reason="Misread.", by=by())
    published.refresh_from_db()
    for changed in ({"closed_reason": "Another"}, {"state": "published"}):
        with pytest.raises(Exception, match="stays so"), platform_actions.transaction.atomic():
            Analysis.objects.filter(pk=published.pk).update(**changed)


# Proofs


def state_of(quotation: Quotation) -> str:
    return evidence_for(quotation.provision, quotation).state


def test_a_clause_after_its_text_is_proven_at_once():
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    quotation = factories.a_quotation(factories.a_provision(document))
    proof = quotation.proofs.get()
    assert (proof.text, proof.state) == (snapshot.text, "exact")
    (start, end) = proof.spans[0]
    assert snapshot.text.content[start:end] == factories.WORDS
    assert state_of(quotation) == "exact"


def test_a_text_after_its_clause_is_proven_at_once_older_ones_too():
    document = factories.a_document()
    quotation = factories.a_quotation(factories.a_provision(document))
    assert state_of(quotation) == "unproven"
    factories.a_snapshot(document, "# Terms\n\nNothing of it here.\n", "2026-03-01")
    assert state_of(quotation) == "unfound"
    older = factories.a_snapshot(document, day="2025-01-01")
    evidence = evidence_for(quotation.provision, quotation)
    assert [(look.version, look.state) for look in evidence.looks] == [(2, "exact"), (1, "absent")]
    assert (evidence.state, evidence.first_held.sha256) == ("absent", older.text_id)
    assert evidence.gone_since.captured_on == date(2026, 3, 1)


def test_a_text_set_aside_touches_no_quotation():
    document = factories.a_document()
    quotation = factories.a_quotation(factories.a_provision(document))
    snapshot = factories.a_snapshot(document, judgement="quarantined")
    assert (quotation.proofs.count(), state_of(quotation)) == (0, "unproven")
    platform_actions.judge(snapshot=snapshot, judgement="released", reason="It is the policy.", by=by())
    assert state_of(quotation) == "exact"
    platform_actions.judge(snapshot=snapshot, judgement="discarded", reason="It was a draft.", by=by())
    assert (quotation.proofs.count(), state_of(quotation)) == (1, "unproven")


def test_the_same_text_twice_is_stored_and_proven_once():
    document = factories.a_document()
    quotation = factories.a_quotation(factories.a_provision(document))
    first, second = factories.a_snapshot(document), factories.a_snapshot(document, day="2026-02-01")
    assert first.text_id == second.text_id
    assert quotation.proofs.count() == 1
    assert [look.version for look in evidence_for(quotation.provision, quotation).looks] == [1, 2]


def test_a_published_clause_whose_words_stand_counts_as_read():
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    published = factories.a_published(factories.a_quotation(factories.a_provision(document)))
    reading = snapshot.readings.get()
    assert (reading.clause_type, reading.found) == (published.provision.clause_type, True)
    unproven = factories.a_published()
    assert not unproven.provision.document.readings.exists()


# Withheld texts


def test_a_withheld_text_keeps_its_hash_and_its_proofs(client):
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    quotation = factories.a_quotation(factories.a_provision(document))
    address = snapshot.version.get_absolute_url()
    path = f"{address.rstrip('/')}.md"
    assert hashlib.sha256(client.get(path).content).hexdigest() == snapshot.text_id
    out = StringIO()
    call_command("withhold_text", snapshot.text_id, reason="Court of Testing, order 5", yes=True, stdout=out)
    assert snapshot.record_id in out.getvalue() and address in out.getvalue() and "1 earlier proof" in out.getvalue()
    text = Text.objects.get(pk=snapshot.text_id)
    assert (text.content, text.withheld_by, text.withheld_reason) == ("", actors.machine(), "Court of Testing, order 5")
    answer = client.get(path)
    assert (answer.status_code, "Court of Testing, order 5" in answer.content.decode()) == (451, True)
    page = client.get(address)
    assert page.status_code == 200 and factories.WORDS not in page.content.decode()
    assert (quotation.proofs.get().state, state_of(quotation)) == ("exact", "exact")
    later = factories.a_quotation(factories.a_provision(document))
    assert (later.proofs.count(), state_of(later)) == (0, "unproven")


def test_a_text_is_withheld_once_and_only_with_a_reason():
    text = platform_actions.store_text(content="words")
    with pytest.raises(Refused, match="needs the reason"):
        platform_actions.withhold_text(text=text, reason=" ", by=by())
    platform_actions.withhold_text(text=text, reason="order 5", by=by())
    with pytest.raises(Refused, match="withheld already"):
        platform_actions.withhold_text(text=text, reason="order 6", by=by())
    for statement in (
        "content = 'words'",
        "withheld_reason = 'other'",
        "withheld_at = NULL, withheld_by_id = NULL, withheld_reason = ''",
    ):
        with (
            pytest.raises(Exception, match="append-only"),
            platform_actions.transaction.atomic(),
            platform_actions.connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE platforms_text SET {statement} WHERE sha256 = %s", [text.pk])


@pytest.mark.parametrize(
    ("arguments", "answer", "told"),
    [
        (["0" * 64, "--reason", "x", "--yes"], "", "No text has the SHA-256"),
        (["{sha256}", "--reason", " ", "--yes"], "", "needs the reason"),
        (["{sha256}", "--reason", "x", "--yes", "--by", "nobody"], "", "There is no user 'nobody'"),
        (["{sha256}", "--reason", "x"], "no", "Not confirmed: the text stays"),
        (["{sha256}", "--reason", "x"], None, "Nobody is there to confirm it: add --yes"),
    ],
)
def test_withhold_text_asks_and_says_what_is_wrong(arguments, answer, told, monkeypatch):
    text = platform_actions.store_text(content="words to withhold")

    def typed(prompt: str) -> str:
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", typed)
    with pytest.raises(CommandError, match=told):
        call_command("withhold_text", *(argument.format(sha256=text.pk) for argument in arguments), stdout=StringIO())
    text.refresh_from_db()
    assert text.content == "words to withhold"


def test_withhold_text_goes_on_when_the_digits_are_typed(monkeypatch):
    text, who = platform_actions.store_text(content="words to withhold"), person("counsel")
    monkeypatch.setattr("builtins.input", lambda prompt: text.pk[:8])
    call_command("withhold_text", text.pk, reason="order 5", by="counsel", stdout=StringIO())
    text.refresh_from_db()
    assert (text.content, text.withheld_by) == ("", who)


# Editions


def test_each_public_change_makes_one_edition_and_a_draft_none():
    def number() -> int:
        return Edition.objects.first().number

    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    provision = factories.a_provision(document)
    quotation = factories.a_quotation(provision)
    draft = factories.a_draft(quotation)
    change = platform_actions.report_change(document=document, source="Someone", title="t", summary="s", by=by())
    steps = {
        "platform": lambda: platform_actions.save_platform(document.platform, by=by()),
        "document": lambda: platform_actions.save_document(document, by=by()),
        "verdict": lambda: platform_actions.judge(snapshot=snapshot, judgement="discarded", reason="x", by=by()),
        "agency": factories.an_agency,
        "clause": lambda: actions.save_provision(provision, by=by()),
        "publication": lambda: actions.publish(analysis=draft, by=by()),
        "change": lambda: platform_actions.save_change(change, by=by()),
        "withdrawal": lambda: actions.withdraw(analysis=Analysis.objects.get(pk=draft.pk), reason="x", by=by()),
        "removal": lambda: actions.mark_removed(provision=provision, by=by()),
        "withheld": lambda: platform_actions.withhold_text(text=snapshot.text, reason="x", by=by()),
    }
    for name, step in steps.items():
        before = number()
        step()
        made = number() - before
        assert made == (2 if name == "agency" else 1), (
            f"{name}: {made} editions"
        )  # the agency comes with its jurisdiction
    before = number()
    actions.new_version(analysis=Analysis.objects.get(pk=draft.pk), by=by())
    assert number() == before


def test_one_edition_for_a_run_and_none_where_nothing_happens():
    before = Edition.objects.first().number
    with platform_actions.one_edition(by=by(), reason="A run"):
        factories.a_document()
        factories.a_document()
    newest = Edition.objects.first()
    assert (newest.number, newest.reason) == (before + 1, "A run")
    with platform_actions.one_edition(by=by(), reason="Nothing"):
        pass
    assert Edition.objects.first() == newest


def test_who_reviewed_a_change_follows_from_its_state():
    change = platform_actions.report_change(
        document=factories.a_document(), source="Someone", title="t", summary="s", by=by()
    )
    other = person("other")
    for review, reviewer in (("confirmed", other), ("unreviewed", None), ("noise", other)):
        change.review = review
        platform_actions.save_change(change, by=other)
        change.refresh_from_db()
        assert (change.reviewed_by, change.reviewed_at is None) == (reviewer, reviewer is None)
    assert not Change.objects.public().filter(pk=change.pk).exists()


def test_a_refused_snapshot_leaves_nothing_behind():
    document = factories.a_document()
    factories.a_snapshot(document)
    with pytest.raises(Exception, match="already exists"):
        factories.a_snapshot(document, "# Other\n")
    assert not Text.objects.filter(content="# Other\n").exists()
