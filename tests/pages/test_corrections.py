"""The log of corrections: what was put right, what was taken back, and what differs."""

import hashlib

import pytest

from clauses import actions
from clauses.models import Analysis
from conductatlas import actors
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_correction_is_listed_with_its_note_and_both_versions(client):
    first = factories.a_published()
    record, before = first.provision.record_id, first.payload_sha256
    second = factories.a_correction(
        first, "We wrote months; the words say years.", what_it_is="They keep it for years. [1]"
    )
    page = client.get("/corrections/").content.decode()
    assert "We wrote months; the words say years." in page
    for address in (f"/record/{record}/v1/", f"/record/{record}/v2/", f"/corrections/{record}/v2/"):
        assert address in page
        assert client.get(address).status_code == 200
    differs = client.get(f"/corrections/{record}/v2/").content.decode()
    assert "for years" in differs
    assert "<ins>" in differs
    assert "We wrote months; the words say years." in client.get(f"/record/{record}/v2/").content.decode()
    assert second.kind == "correction"
    first.refresh_from_db()
    assert first.payload_sha256 == before == hashlib.sha256(first.payload.encode()).hexdigest()


def test_a_withdrawal_is_listed_with_its_reason(client):
    published = factories.a_published()
    actions.withdraw(analysis=published, reason="The words were misread.", by=actors.catalogue())
    page = client.get("/corrections/")
    assert "The words were misread." in page.content.decode()
    assert page.context["withdrawn"] == 1
    assert page.context["entries"][0].what == "withdrawal"


def test_a_correction_that_was_withdrawn_is_both(client):
    second = factories.a_correction()
    actions.withdraw(analysis=second, reason="It was right before.", by=actors.catalogue())
    assert [entry.what for entry in client.get("/corrections/").context["entries"]] == ["withdrawal", "correction"]


def test_an_update_and_an_addition_are_no_corrections(client):
    first = factories.a_published()
    actions.publish(
        analysis=actions.new_version(analysis=first, by=actors.catalogue(), kind="addition"), by=actors.catalogue()
    )
    assert client.get("/corrections/").context["entries"] == []
    assert client.get(f"/corrections/{first.provision.record_id}/v2/").status_code == 404


def test_a_correction_needs_its_note():
    first = factories.a_published()
    with pytest.raises(actions.analyses.Refused, match="tells readers what was wrong"):
        factories.a_correction(first, note=" ")


def test_a_correction_in_a_file_is_told_by_its_note():
    from clauses.actions.analyses import draft

    first = factories.a_published()
    said = {"content": factories.content(), "provision": first.provision, "by": actors.catalogue()}
    same = draft(**said, quotation=first.quotation, kind="correction", public_note="Wrong before.")
    assert same.kind == "correction"
    words = actions.quote(provision=first.provision, segments=[factories.REWORDED], by=actors.catalogue())
    assert draft(**said, quotation=words, kind="correction", public_note="Wrong before.").kind == "update"


def test_the_log_has_pages(client, monkeypatch):
    monkeypatch.setattr("clauses.views.A_PAGE", 2)
    notes = [f"Wrong {number}." for number in range(3)]
    for note in notes:
        factories.a_correction(note=note)
    first, second = (client.get("/corrections/", {"page": number}) for number in (1, 2))
    assert [entry.note for page in (first, second) for entry in page.context["entries"]] == notes[::-1]
    assert 'href="?page=2"' in first.content.decode()
    assert 'href="?page=1"' in second.content.decode()
    for odd in ("0", "-1", "x", "9" * 30, "7"):
        assert client.get("/corrections/", {"page": odd}).status_code == 200


@pytest.mark.parametrize("address", ["CA-P-010656/v1/", "CA-P-010656/v99/", "CA-X-1/v2/", "CA-P-999999/v2/"])
def test_what_corrects_nothing_has_no_page(client, address):
    assert client.get(f"/corrections/{address}").status_code == 404


def test_an_empty_log_says_so(client, empty):
    assert "Nothing has been corrected" in client.get("/corrections/").content.decode()
    assert not Analysis.objects.exists()
