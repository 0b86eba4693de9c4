"""Records are found by their ids, and long lists ask no more of the database than short ones."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clauses.models import Analysis, Provision, Quotation
from platforms import actions as platform_actions
from platforms.models import Document, FormerAddress, Snapshot, Text
from tests import factories

from .forms import OURS, address, names, signed_in

pytestmark = pytest.mark.django_db


RECORDS = {
    Provision: ("CA-P-010656", "User Content Used for AI Model Training"),
    Analysis: ("CA-P-010656", "User Content Used for AI Model Training"),
    Quotation: ("CA-P-010656", "User Content Used for AI Model Training"),
    Document: ("CA-D-00517", "Jasper Privacy Policy"),
}


@pytest.mark.parametrize("model", RECORDS, ids=names)
def test_records_are_found_by_their_id_and_lists_show_it(analyst, model):
    record, _ = RECORDS[model]
    for query in (record, record.lower(), f" {record} "):
        page = analyst.get(address(model, "changelist"), {"q": query})
        assert page.context["cl"].result_count == 1
        assert record in page.content.decode()


def test_evidence_is_found_by_the_id_of_its_snapshot(analyst):
    snapshot = Snapshot.objects.first()
    assert analyst.get(address(Snapshot, "changelist"), {"q": snapshot.record_id}).context["cl"].result_count == 1
    page = analyst.get(address(Text, "changelist"), {"q": snapshot.record_id})
    assert [text.pk for text in page.context["cl"].result_list] == [snapshot.text_id]


@pytest.mark.slow
def test_lists_take_as_many_queries_with_many_rows_as_with_few(editor):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(path).status_code == 200
        return len(captured)

    paths = [address(model, "changelist") for model in OURS]
    made_of_everything()
    before = {path: queries(path) for path in paths}
    for _ in range(3):
        made_of_everything()
    assert {path: queries(path) for path in paths} == before
    assert max(before.values()) <= 14


def made_of_everything() -> None:
    """One more row of every kind."""
    published = factories.a_published()
    provision = published.provision
    factories.a_snapshot(provision.document)
    by = factories.actors.catalogue()
    change = platform_actions.report_change(
        document=provision.document, source="Someone", title="t", summary="s", by=by
    )
    factories.actions.touch(change=change, provision=provision, by=by)
    path = f"/{factories.unique('old')}/"
    factories.a_capture()
    factories.a_question()
    factories.a_new_reading()
    platform_actions.save_former_address(FormerAddress(old_path=path, new_path="/new/"), by=by)


def test_documents_without_a_language_can_be_chosen_by_name(people) -> None:
    """An empty value of a filter is a link with words."""
    stated = factories.a_document(language="en")
    silent = factories.a_document(language="")
    listed = signed_in(people["analyst"]).get("/admin/platforms/document/", {"language": ""}).content.decode()
    assert "none stated" in listed
    assert silent.record_id in listed and stated.record_id not in listed
