"""What the records of a collection become: texts, versions and changes, with their own times, in parts or at once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from re import compile as pattern

import pytest

from conductatlas import actors
from conductatlas.rules import Refused
from platforms.actions import save_document
from platforms.models import Change, Check, Document, Platform, Snapshot, Text, Version
from platforms.terms.repository import Unreadable

from .conftest import Making
from .small import DAY, FIRST, SECOND, START, ask, imported, kinds, policy, recorded, same_in_parts
from .stored import counted, stored

pytestmark = pytest.mark.usefixtures("empty")


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


def test_a_later_part_first_and_the_whole_afterwards_is_the_whole(making: Making) -> None:
    third = policy("We keep nothing at all.")
    recorded(making, FIRST, SECOND, "Not found", SECOND + "\n", third, FIRST, third, SECOND)
    part = same_in_parts(making.folder, datetime.fromtimestamp(START + 4 * DAY, UTC).date())
    assert part["snapshots"] == 4
    in_time = Version.objects.order_by("snapshot__captured_at").values_list("number", flat=True)
    assert list(in_time) == [5, 6, 7, 1, 2, 3, 4]
    assert kinds(Document.objects.get())[3:] == ["substantive", "returned", "returned", "returned"]
