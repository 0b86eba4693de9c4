"""What an archive's collection becomes: small ones made by git, and the two real ones."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from re import compile as pattern

import pytest
from django.db import connection, transaction
from django.db.models import Q

from clauses.evidence import evidence_for
from clauses.models import ChangedProvision, QueueItem
from conductatlas import actors
from conductatlas.rules import Refused
from platforms.actions import save_document, save_jurisdiction, set_former_names
from platforms.models import Change, Check, Document, Jurisdiction, Platform, Snapshot, Text, Transition, Version
from platforms.plaintext import project
from platforms.redline import redline
from platforms.terms.importing import Plan, Summary, import_terms
from platforms.terms.mapping import DocumentChoice, TermsMap
from platforms.terms.placing import Edition
from platforms.terms.repository import Unreadable, open_repository

from .. import factories
from ..archives import bundle_of
from .conftest import Making
from .stored import counted, stored

pytestmark = pytest.mark.usefixtures("empty")

START = 1_750_000_000  # 2025-06-15, seconds since 1970
DAY = 86_400
WHEN_IT_WAS_SEEN = frozenset({"versions", "verdicts", "checks"})  # what depends on the order of arrival

SENTENCES = [
    "These terms are an agreement between you and the company that runs the service.",
    "By using the service you accept these terms and the policies that are named in them.",
    "You must be at least sixteen years old, or as old as the law of your country asks.",
    "We may store what you write in order to give you the service that you asked for.",
    "You keep all rights in what you write, and you decide who else may see it.",
    "You may delete your account at any time in the settings, without giving a reason.",
    "We answer requests about your personal data within thirty days after they arrive.",
    "The service is provided as it is, and we do not promise that it is free of errors.",
]


def policy(*sentences: str, heading: str = "Terms of Service") -> str:
    """A plausible text with these sentences after those that stand in all of them."""
    return "\n\n".join([f"# {heading}", *SENTENCES, *sentences]) + "\n"


FIRST = policy("We keep what you write for one year.")
SECOND = policy("We keep what you write for ten years.", "We may sell it to our partners.")


def imported(
    where: object, *, collection: str = "small", market: Jurisdiction | None = None, language: str = "en", **plan
) -> Summary:
    with open_repository(str(where)) as repository:
        return import_terms(repository, Plan(Edition(collection, market, language), **plan), by=actors.machine())


def ask(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def market(code: str) -> Jurisdiction:
    return save_jurisdiction(Jurisdiction(code=code, name=f"Market {code}"), by=actors.catalogue())


def recorded(making: Making, *texts: str | None, path: str = "Acme/Terms of Service.md", at: int = START) -> None:
    """A record a day of one document; None: deleted."""
    for day, text in enumerate(texts):
        making.commit(f"Record new changes of {path.removesuffix('.md')}", {path: text}, at + day * DAY)


def kinds(document: Document) -> list[str]:
    rows = Transition.objects.filter(version__document=document).order_by("version__snapshot__captured_at")
    return list(rows.values_list("kind", flat=True))


# Records


def test_records_become_texts_versions_and_changes_with_their_own_times(making: Making) -> None:
    recorded(making, FIRST, FIRST + "\n", SECOND)
    summary = imported(making.folder)
    document = Document.objects.get()
    assert (document.platform.name, document.platform.slug) == ("Acme", "acme")
    assert (document.title, document.slug, document.kind) == (
        "Terms of Service",
        "terms-of-service",
        "terms_of_service",
    )
    assert (document.collection, document.collection_path) == ("small", "Acme/Terms of Service")
    snapshots = list(Snapshot.objects.order_by("captured_at"))
    assert [one.captured_at for one in snapshots] == [
        datetime.fromtimestamp(START, UTC) + timedelta(days=day) for day in range(3)
    ]
    assert [one.text.content for one in snapshots] == [FIRST, FIRST + "\n", SECOND]
    assert {(one.tool, one.language) for one in snapshots} == {("Open Terms Archive", "en")}
    assert [one.origin for one in snapshots] == making.git("rev-list", "--reverse", "main").split()
    assert list(Version.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert kinds(document) == ["first", "whitespace", "substantive"]
    change = Change.objects.get()
    assert change.added == ["We keep what you write for ten years.", "We may sell it to our partners."]
    assert change.first_observed_at == snapshots[2].captured_at
    assert list(Check.objects.order_by("checked_at").values_list("outcome", flat=True)) == [
        "new_text",
        "noise",
        "new_text",
    ]
    assert summary.counts == Counter(platforms=1, documents=1, snapshots=3, texts=3, changes=1)


def test_a_second_run_adds_nothing_and_later_records_are_taken_up(making: Making) -> None:
    recorded(making, FIRST, SECOND)
    imported(making.folder)
    before, rows = stored(ask), counted(ask)
    again = imported(making.folder)
    assert (stored(ask), counted(ask)) == (before, rows)
    assert +again.counts == Counter(held=2)
    recorded(making, policy("We keep nothing."), at=START + 9 * DAY)
    assert +imported(making.folder).counts == Counter(held=2, snapshots=1, texts=1, changes=1)
    assert Version.objects.count() == 3


def test_one_text_in_two_documents_is_stored_once(making: Making) -> None:
    making.commit("First record", {"Acme/Terms of Service.md": FIRST, "Acme Two/Terms of Service.md": FIRST}, START)
    imported(making.folder)
    assert (Document.objects.count(), Snapshot.objects.count(), Text.objects.count()) == (2, 2, 1)


def test_names_come_as_they_are_written(making: Making) -> None:
    names = ["DALL·E", "Character.ai", "L'Œuvre «IA»", 'Say "Hi"', "豆包", " Blank "]
    for number, name in enumerate(names):
        making.commit("First record", {f"{name}/Terms of Service .md": FIRST}, START + number)
    imported(making.folder)
    found = {document.collection_path: document.platform for document in Document.objects.select_related("platform")}
    assert set(found) == {f"{name}/Terms of Service " for name in names}
    assert {platform.name for platform in found.values()} == {name.strip() for name in names}
    assert {path: platform.slug for path, platform in found.items()} == {
        "DALL·E/Terms of Service ": "dall-e",
        "Character.ai/Terms of Service ": "character-ai",
        "L'Œuvre «IA»/Terms of Service ": "loeuvre-ia",
        'Say "Hi"/Terms of Service ': "say-hi",
        "豆包/Terms of Service ": "u8c46-u5305",
        " Blank /Terms of Service ": "blank",
    }
    assert {document.title for document in Document.objects.all()} == {"Terms of Service"}
    rows = counted(ask)
    imported(making.folder)
    assert counted(ask) == rows


def test_terms_types_become_kinds_and_unknown_ones_are_listed(making: Making) -> None:
    types = {
        "Privacy Policy": "privacy_policy",
        "Trackers Policy": "cookie_policy",
        "Community Guidelines - Deceptive Behavior": "other",
        "Imprint": "other",
        "Data Processor Agreement": "data_processing_agreement",
    }
    making.commit("First record", {f"Acme/{name}.md": policy(heading=name) for name in types}, START)
    summary = imported(making.folder)
    assert dict(Document.objects.values_list("title", "kind")) == types
    assert summary.unsure_kinds == ["Acme/Community Guidelines - Deceptive Behavior"]
    assert imported(making.folder).unsure_kinds == []


def test_equal_and_backward_dates_give_one_moment_to_each_record(making: Making) -> None:
    texts = [policy(f"We keep it for {days} days.") for days in (10, 20, 30, 40)]
    for text, at in zip(texts, (START, START, START - DAY, START + DAY), strict=True):
        making.commit("Record new changes of Acme Terms of Service", {"Acme/Terms of Service.md": text}, at)
    imported(making.folder)
    document = Document.objects.get()
    versions = Version.objects.order_by("snapshot__captured_at").values_list("snapshot__text__content", flat=True)
    assert list(versions) == [texts[2], texts[0], texts[1], texts[3]]
    assert list(document.versions.values_list("number", flat=True)) == [1, 2, 3, 4]
    rows = counted(ask)
    imported(making.folder)
    assert counted(ask) == rows


def test_a_new_reading_by_the_archive_is_no_change(making: Making) -> None:
    recorded(making, FIRST)
    subject = "Apply technical or declaration upgrade on Acme Terms of Service"
    making.commit(f"{subject}\n\nX-engine-version: 9.1.0", {"Acme/Terms of Service.md": SECOND}, START + DAY)
    imported(making.folder)
    snapshot = Snapshot.objects.order_by("-captured_at").first()
    assert (snapshot.technical, snapshot.tool_version) == (True, "9.1.0")
    assert kinds(Document.objects.get()) == ["first", "extraction"]
    assert not Change.objects.exists()


# Deletion


def test_a_deleted_document_is_retired_until_a_later_record_takes_it_back(making: Making) -> None:
    recorded(making, FIRST, SECOND, None)
    assert imported(making.folder).counts["retired"] == 1
    gone_on = datetime.fromtimestamp(START + 2 * DAY, UTC).date()
    assert Document.objects.get().retired_on == gone_on
    assert Version.objects.count() == 2
    rows = counted(ask)
    assert imported(making.folder).counts["retired"] == 0
    assert (counted(ask), Document.objects.get().retired_on) == (rows, gone_on)
    recorded(making, SECOND, at=START + 9 * DAY)
    imported(making.folder)
    assert Document.objects.get().retired_on is None
    assert Version.objects.count() == 3


def test_an_analysts_own_day_of_retirement_stays(making: Making) -> None:
    recorded(making, FIRST, None)
    imported(making.folder)
    document = Document.objects.get()
    document.retired_on = date(2025, 1, 1)
    save_document(document, by=actors.catalogue())
    imported(making.folder)
    assert Document.objects.get().retired_on == date(2025, 1, 1)


# Places


def test_two_markets_make_siblings_and_never_one_history(making: Making, tmp_path: Path) -> None:
    other = Making(tmp_path / "other")
    recorded(making, FIRST, SECOND)
    recorded(other, SECOND, policy("We keep it for good."))
    imported(making.folder, collection="terms-eu", market=market("EU"))
    imported(other.folder, collection="terms-us", market=market("US"))
    eu, us = Document.objects.order_by("collection")
    assert Platform.objects.count() == 1
    assert (eu.slug, us.slug) == ("terms-of-service", "terms-of-service-us")
    assert (eu.market.code, us.market.code) == ("EU", "US")
    assert eu.family == us.family != ""
    assert list(Document.objects.siblings_of(eu)) == [us]
    assert [Version.objects.filter(document=one).count() for one in (eu, us)] == [2, 2]
    assert kinds(eu) == kinds(us) == ["first", "substantive"]


def test_a_service_joins_a_platform_by_a_former_name(making: Making) -> None:
    known = factories.a_platform(slug="acme-ai", name="Acme AI")
    set_former_names(known, names=[{"name": "Old Acme"}], by=actors.catalogue())
    recorded(making, FIRST, path="old acme/Terms of Service.md")
    summary = imported(making.folder)
    assert Document.objects.get().platform == known
    assert summary.counts["platforms"] == 0
    assert Platform.objects.get() == known


def test_an_unsure_service_waits_for_the_analysts_word(making: Making) -> None:
    known = factories.a_platform(slug="acme-ai", name="Acme AI")
    recorded(making, FIRST)
    making.commit("First record", {"Beta/Terms of Service.md": FIRST}, START)
    summary = imported(making.folder)
    assert [row.what for row in summary.unsure] == ["Acme"]
    assert "acme-ai (Acme AI)" in summary.unsure[0].could_be[0]
    assert [document.collection_path for document in Document.objects.all()] == ["Beta/Terms of Service"]
    summary = imported(making.folder, terms_map=TermsMap(services={"Acme": "acme-ai"}))
    assert summary.unsure == []
    assert known.documents.get().versions.count() == 1
    assert imported(making.folder).unsure == []


def test_a_service_that_the_map_calls_new_gets_an_address_of_its_own(making: Making) -> None:
    factories.a_platform(slug="acme", name="Acme AI")
    recorded(making, FIRST)
    imported(making.folder, terms_map=TermsMap(services={"Acme": None}))
    assert Document.objects.get().platform.slug == "acme-2"


def test_an_unsure_document_waits_for_the_analysts_word(making: Making) -> None:
    known = factories.a_document(
        factories.a_platform(slug="acme", name="Acme"), slug="acme-terms", title="Acme Terms", language="en"
    )
    recorded(making, FIRST)
    making.commit("First record", {"Acme/Privacy Policy.md": policy(heading="Privacy Policy")}, START)
    summary = imported(making.folder)
    assert [row.what for row in summary.unsure] == ["Acme/Terms of Service"]
    assert known.record_id in summary.unsure[0].could_be[0]
    assert sorted(Document.objects.values_list("collection_path", flat=True)) == ["", "Acme/Privacy Policy"]
    chosen = TermsMap(documents={"Acme/Terms of Service": DocumentChoice(slug="acme-terms")})
    assert imported(making.folder, terms_map=chosen).unsure == []
    known.refresh_from_db()
    assert (known.title, known.collection_path) == ("Acme Terms", "Acme/Terms of Service")
    assert known.versions.count() == 1
    assert imported(making.folder).unsure == []


def test_a_map_decides_on_platform_address_kind_and_title(making: Making) -> None:
    other = factories.a_platform(slug="other-house", name="Other House")
    recorded(making, FIRST)
    choice = DocumentChoice(platform="other-house", slug="acme-rules", kind="other", title="The Rules")
    imported(making.folder, terms_map=TermsMap(documents={"Acme/Terms of Service": choice}))
    document = Document.objects.get()
    assert (document.platform, document.slug, document.kind, document.title) == (
        other,
        "acme-rules",
        "other",
        "The Rules",
    )


def test_services_that_are_one_platform_keep_their_documents_apart(making: Making) -> None:
    making.commit("First record", {"Acme/Terms of Service.md": FIRST, "A.C.M.E./Terms of Service.md": SECOND}, START)
    imported(making.folder)
    assert Platform.objects.count() == 1
    assert sorted(Document.objects.values_list("slug", flat=True)) == ["terms-of-service", "terms-of-service-small"]
    rows = counted(ask)
    imported(making.folder)
    assert counted(ask) == rows


# What cannot be read


@pytest.mark.parametrize(("bad", "why"), [(b"\xff\xfe", "not UTF-8"), (b"one\0two", "NUL")])
def test_a_text_that_is_none_is_named_and_what_came_before_stays(making: Making, bad: bytes, why: str) -> None:
    recorded(making, FIRST)
    commit = making.commit("First record", {"Beta/Terms of Service.md": bad}, START + DAY)
    with pytest.raises(Unreadable, match=rf"Beta/Terms of Service.md in {commit} is no text \(.*{why}.*--only"):
        imported(making.folder)
    assert [document.collection_path for document in Document.objects.all()] == ["Acme/Terms of Service"]
    assert Version.objects.count() == 1
    assert not Platform.objects.filter(name="Beta").exists()
    making.commit("Record new changes", {"Beta/Terms of Service.md": SECOND}, START + 2 * DAY)
    imported(making.folder, only=pattern("^Acme/"))
    assert Version.objects.count() == 1


def test_a_name_that_is_too_long_is_refused_with_the_way_out(making: Making) -> None:
    making.commit("First record", {f"{'Acme' * 50}/Terms of Service.md": FIRST}, START)
    with pytest.raises(Refused, match=r"^(Acme)+/Terms of Service cannot be kept as it is named \(.*120.*--map"):
        imported(making.folder)
    assert not Platform.objects.exists()


# Parts


def test_only_and_since_choose_records(making: Making) -> None:
    recorded(making, FIRST, SECOND)
    recorded(making, FIRST, SECOND, path="Beta/Terms of Service.md")
    imported(making.folder, only=pattern("Beta/"), since=date.fromtimestamp(START + DAY))
    document = Document.objects.get()
    assert document.collection_path == "Beta/Terms of Service"
    assert document.versions.get().snapshot.text.content == SECOND


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def same_in_parts(where: object, since: date, **plan) -> Counter[str]:
    """Imports the whole; then, in its place, what is new since a day, and the whole afterwards. Both leave the same;
    what the first part held is counted.
    """
    with rolled_back():
        imported(where, **plan)
        whole = stored(ask, without=WHEN_IT_WAS_SEEN)
    part = imported(where, since=since, **plan).counts
    rest = imported(where, **plan).counts
    parts = stored(ask, without=WHEN_IT_WAS_SEEN)
    assert part["texts"] + rest["texts"] == len(parts["texts"])
    for name, rows in whole.items():
        assert parts[name] == rows, name
    return part


def test_a_later_part_first_and_the_whole_afterwards_is_the_whole(making: Making) -> None:
    third = policy("We keep nothing at all.")
    recorded(making, FIRST, SECOND, "Not found", SECOND + "\n", third, FIRST, third, SECOND)
    part = same_in_parts(making.folder, datetime.fromtimestamp(START + 4 * DAY, UTC).date())
    assert part["snapshots"] == 4
    in_time = Version.objects.order_by("snapshot__captured_at").values_list("number", flat=True)
    assert list(in_time) == [5, 6, 7, 1, 2, 3, 4]
    assert kinds(Document.objects.get())[3:] == ["substantive", "returned", "returned", "returned"]


# Real collections


def words_in_all(texts: Iterable[str]) -> str:
    """A sentence that stands in each of these texts, in as few places as there are; empty where there is none."""
    first, *others = texts
    held = project(first)
    sentences = (first[slice(*held.balanced_span(*span))] for span in held.sentences)
    found = {
        words: max(text.count(words) for text in (first, *others))
        for words in sentences
        if 60 <= len(words) <= 300 and first.count(words) == 1 and all(words in text for text in others)
    }
    return min(found, key=found.__getitem__, default="")


def undisturbed(document: Document, set_aside: list[Snapshot]) -> bool:
    """Checks that texts that were set aside stand in the list of checks and nowhere else, and that words which all
    texts from just before to just after them hold were never missed. Whether there are such words.
    """
    assert {one.verdicts.get().judgement for one in set_aside} == {"quarantined"}
    assert not Version.objects.filter(snapshot__in=set_aside).exists()
    assert not Change.objects.filter(Q(before__in=set_aside) | Q(after__in=set_aside)).exists()
    checks = list(Check.objects.filter(snapshot__in=set_aside))
    assert len(checks) == len(set_aside)
    assert all(check.outcome == "quarantined" and check.reason for check in checks)
    texts = list(document.snapshots.filter(version__counts=True).order_by("captured_at"))
    before = [one for one in texts if one.captured_at < set_aside[0].captured_at][-1:]
    after = [one for one in texts if one.captured_at > set_aside[-1].captured_at][:1]
    between = [one for one in texts if set_aside[0].captured_at < one.captured_at < set_aside[-1].captured_at]
    around = [*before, *between, *after]
    assert len(around) >= 2
    words = words_in_all(one.text.content for one in around)
    if not words:
        return False
    quotation = factories.a_quotation(factories.a_provision(document), words)
    looks = evidence_for(quotation.provision, quotation).looks
    names = {one.text_id for one in set_aside}
    assert not names & {look.sha256 for look in looks}
    assert not quotation.proofs.filter(text__in=names).exists()
    places = {one.version.number: one.text.content.count(words) for one in around}
    seen = {look.version: look.state for look in looks if look.version in places}
    assert seen.keys() == places.keys()
    for number, state in seen.items():
        assert state in ({"exact", "normalised"} if places[number] == 1 else {"ambiguous", "exact"}), words
    told = ChangedProvision.objects.filter(provision=quotation.provision, change__after__in=around[1:])
    assert {row.how for row in told} <= ({"unclear"} if max(places.values()) > 1 else set())
    if around[-1] == texts[-1]:
        waiting = QueueItem.objects.filter(provision=quotation.provision, settled_at=None)
        assert {item.doubt for item in waiting} <= ({"ambiguous"} if places[around[-1].version.number] > 1 else set())
    return True


@pytest.mark.slow
def test_redirecting_is_set_aside_and_demotes_nothing() -> None:
    imported(bundle_of("genai-eu"), only=pattern("^Le Chat/"))
    documents = Document.objects.filter(collection_path__startswith="Le Chat/")
    followed = Counter()
    for document in documents:
        of_the_day = document.snapshots.filter(captured_at__date=date(2025, 12, 15))
        set_aside = [one for one in of_the_day if one.text.content.startswith("Redirecting")]
        if set_aside:
            followed[undisturbed(document, set_aside)] += 1
    assert followed == {True: 4}


@pytest.mark.slow
def test_error_pages_are_set_aside_and_demote_nothing() -> None:
    imported(bundle_of("genai-contrib"), only=pattern("^Llama API/Acceptable Use Policy$"))
    document = Document.objects.get()
    set_aside = [one for one in document.snapshots.all() if not hasattr(one, "version")]
    assert len(set_aside) >= 60
    assert undisturbed(document, [one for one in set_aside if one.captured_at.date() < date(2026, 7, 1)])
    assert undisturbed(document, [one for one in set_aside if one.captured_at.date() > date(2026, 7, 10)])


@pytest.mark.slow
def test_a_policy_whose_links_rotate_changes_when_its_words_do() -> None:
    imported(bundle_of("genai-contrib"), only=pattern(r"^Claude\.ai/Privacy Policy$"), since=date(2025, 8, 1))
    document = Document.objects.get()
    quiet = document.checks.filter(checked_at__date__range=(date(2026, 6, 29), date(2026, 7, 1)))
    assert quiet.count() >= 3
    assert not document.changes.filter(first_observed_at__date__range=(date(2026, 6, 29), date(2026, 7, 1))).exists()
    change = document.changes.get(first_observed_at__date=date(2025, 8, 29))
    assert list(document.changes.filter(first_observed_at__date=date(2025, 8, 29))) == [change]
    words = {"inserted": "", "deleted": ""}
    for block in redline(change.before.text.content, change.after.text.content).changes:
        for run in block.runs:
            if run.kind != "equal":
                words[run.kind] += f"{run.text} "
    assert "explicitly opted in to the use of your Inputs and Outputs for training" in words["deleted"]
    assert "unless you opt out" in words["inserted"] and "opt out" not in words["deleted"]
    assert "opted in" not in words["inserted"]


@pytest.mark.slow
def test_a_later_part_of_a_real_document_first_is_the_whole_in_the_end() -> None:
    part = same_in_parts(bundle_of("genai-eu"), date(2026, 3, 1), only=pattern("^(Le Chat|Midjourney)/"))
    assert part["snapshots"] > 10
