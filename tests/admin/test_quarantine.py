"""A capture that was set aside: what the page was, how it differs, and selectors mended on the page that was kept."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from platforms import actions
from platforms.models import Check, Document, Response, Snapshot, Version
from tests import factories
from tests.capture.server import Server, reply

from .forms import address, signed_in, told

pytestmark = pytest.mark.django_db

CLAUSES = [
    f"Rule {number}. You must not use the service to harm other people, and we may close your account if you do."
    for number in range(1, 12)
]
POLICY = "".join(f"<p>{clause}</p>" for clause in CLAUSES)
PAGE = f"""<!doctype html><html><head><title>Terms</title><script>alert("run")</script></head><body>
<div class="login"><h1>Log in</h1><p>Please log in to continue.</p><img src="https://elsewhere.example/x.png"></div>
<div class="terms"><h1>Terms</h1>{POLICY}</div></body></html>""".encode()


def a_document(**fields: str) -> Document:
    return factories.a_document(source_url="https://testwerk.example/terms", language="en", **fields)


def misread(document: Document | None = None, day: str = "2026-03-31") -> Snapshot:
    """A capture in quarantine: the selectors chose the form for logging in."""
    document = document or a_document(select=".login")
    check = factories.a_capture(document, PAGE, day)
    assert check.outcome == "quarantined", (check.outcome, check.reason)
    return check.snapshot


def path_of(document: Document) -> str:
    return reverse("admin:platforms_document_trial", args=[document.pk])


def typed(document: Document, button: str, select: str = ".terms", **more: str) -> dict[str, str]:
    return {"source_url": document.source_url, "select": select, "remove": "", button: "1", **more}


# What a person sees


def test_the_page_of_a_capture_shows_the_reason_the_text_before_and_the_way_to_mend_it(reviewer, editor):
    document = a_document()
    factories.a_snapshot(document, "\n\n".join(["# Terms", *CLAUSES]) + "\n")
    document.select = ".login"
    actions.save_document(document, by=factories.actors.catalogue())
    snapshot = misread(document)
    text = editor.get(address(Snapshot, "change", snapshot.pk)).content.decode()
    assert snapshot.verdicts.get().reason in text.replace("&#x27;", "'").replace("&quot;", '"')
    assert "<del>" in text and "Rule 1." in text and "<ins>" in text
    assert reverse("admin:platforms_response_page", args=[snapshot.response_id]) in text
    assert f"{path_of(document)}?response={snapshot.response_id}" in text
    assert Version.objects.get(document=document).get_absolute_url() in text
    assert path_of(document) not in reviewer.get(address(Snapshot, "change", snapshot.pk)).content.decode()


def test_the_captured_page_is_shown_as_characters(analyst):
    snapshot = misread()
    page = analyst.get(reverse("admin:platforms_response_page", args=[snapshot.response_id]))
    text = page.content.decode()
    assert "Please log in to continue." in text and "Rule 11." in text
    assert "&lt;script&gt;alert(" in text and '<script>alert("run")' not in text
    assert "<img" not in text and "&lt;img src=" in text
    bare = signed_in(User.objects.create_user("bare", is_staff=True))
    assert bare.get(reverse("admin:platforms_response_page", args=[snapshot.response_id])).status_code == 403
    text_of = snapshot.text
    actions.withhold_text(text=text_of, reason="Court of X, order 1", by=factories.actors.catalogue())
    gone = analyst.get(reverse("admin:platforms_response_page", args=[snapshot.response_id])).content.decode()
    assert "withheld under a legal order" in gone and "Rule 11." not in gone


# Trying


def test_selectors_are_tried_on_the_kept_page_and_nothing_is_saved(editor):
    document = a_document()
    factories.a_snapshot(document, "\n\n".join(["# Terms", *CLAUSES[:-1]]) + "\n")
    document.select = ".login"
    actions.save_document(document, by=factories.actors.catalogue())
    snapshot = misread(document)
    path, counts = path_of(document), (Snapshot.objects.count(), Check.objects.count(), Response.objects.count())
    assert "&lt;div class=&quot;terms&quot;&gt;" in editor.get(path).content.decode()
    page = editor.post(path, typed(document, "_try", response=str(snapshot.response_id)))
    text = page.content.decode()
    assert "It would be accepted." in text and f"<ins>{CLAUSES[-1]}</ins>" in text
    assert page.context["form"]["select"].value() == ".terms"
    page = editor.post(path, typed(document, "_try", select=".login"))
    assert "It would be set aside:" in page.content.decode()
    part = editor.post(
        path, typed(document, "_try"), headers={"HX-Request": "true", "HX-Target": "tried"}
    ).content.decode()
    assert "It would be accepted." in part and "<html" not in part and "csrfmiddlewaretoken" not in part
    document.refresh_from_db()
    assert document.select == ".login"
    assert (Snapshot.objects.count(), Check.objects.count(), Response.objects.count()) == counts


@pytest.mark.parametrize(
    ("select", "said"),
    [(".nowhere", "matches nothing"), ("..terms", "is no CSS selector"), (".terms\n:not(", "Line 2")],
)
def test_selectors_that_choose_nothing_are_told_and_stay_typed(editor, select, said):
    document = misread().document
    for button in ("_try", "_again"):
        page = editor.post(path_of(document), typed(document, button, select=select))
        assert page.status_code == 200 and said in page.content.decode()
        assert page.context["form"]["select"].value() == select
    document.refresh_from_db()
    assert (document.select, document.snapshots.count()) == (".login", 1)


def test_without_a_kept_page_there_is_nothing_to_try(editor):
    document = a_document()
    page = editor.post(path_of(document), typed(document, "_try"))
    assert "fetch it now" in page.content.decode()
    for named in ("x", "9" * 30, "0"):
        assert editor.get(path_of(document), {"response": named}).status_code == 200


# Saving, and reading again


def test_saved_selectors_read_the_page_again_and_the_misreading_is_discarded(people, editor):
    snapshot = misread()
    document = snapshot.document
    said = told(editor.post(path_of(document), typed(document, "_again"), follow=True))
    made = document.snapshots.exclude(pk=snapshot.pk).get()
    assert f"read again as {made.record_id}" in said
    document.refresh_from_db()
    assert document.select == ".terms"
    assert (made.response, made.technical, made.version.counts) == (snapshot.response, False, True)
    assert "Rule 11." in made.text.content and "log in" not in made.text.content
    verdict = snapshot.verdicts.last()
    assert (verdict.judgement, verdict.judged_by) == ("discarded", people["editor"])
    assert made.record_id in verdict.reason
    again = editor.post(path_of(document), typed(document, "_again"))
    assert "have of it already" in again.content.decode()


def test_what_our_reading_changed_is_no_change_of_the_document(editor):
    document = a_document(select=".terms")
    first = factories.a_capture(document, PAGE, "2026-01-31").snapshot
    assert first.version.counts
    document.select = ".login"
    actions.save_document(document, by=factories.actors.catalogue())
    page = PAGE.replace(b"Rule 3. You must not", b"Rule 3. You must never")
    later = factories.a_capture(document, page, "2026-03-31").response
    assert editor.post(path_of(document), typed(document, "_again", response=str(later.pk))).status_code == 302
    made = later.snapshots.order_by("captured_at").last()
    assert made.version.counts and not made.technical
    change = document.changes.get()
    assert [sentence for sentence in change.added if "never" in sentence] == change.added != []


def test_saving_alone_reads_nothing(editor):
    snapshot = misread()
    document = snapshot.document
    data = typed(document, "_save") | {"source_url": "https://testwerk.example/legal/terms"}
    assert "are saved" in told(editor.post(path_of(document), data, follow=True))
    document.refresh_from_db()
    assert (document.select, document.source_url) == (".terms", "https://testwerk.example/legal/terms")
    assert document.snapshots.count() == 1


def test_selectors_that_somebody_saved_meanwhile_are_not_written_over_unseen(people, editor):
    document = misread().document
    path = path_of(document)
    opened = editor.get(path).context["opening"]
    second = User.objects.create_user("second", is_staff=True)
    second.groups.set(people["editor"].groups.all())
    assert signed_in(second).post(path, typed(document, "_save", _opened_with=opened)).status_code == 302
    for button in ("_save", "_again", "_fetch"):
        page = editor.post(path, typed(document, button, ".mine", _opened_with=opened))
        found = {clash.label: (clash.theirs, clash.yours, clash.who) for clash in page.context["clashes"]}
        assert found == {"Select": (".terms", ".mine", "second")}
        assert "second saved this record at" in page.content.decode()
        assert page.context["form"]["select"].value() == ".mine"
    document.refresh_from_db()
    assert (document.select, document.snapshots.count()) == (".terms", 1)
    tried = editor.post(path, typed(document, "_try", ".mine", _opened_with=opened))
    assert tried.context["opening"] == opened, "trying is no look at what stands now"
    seen = page.context["opening"]
    assert editor.post(path, typed(document, "_save", ".mine", _opened_with=seen)).status_code == 302
    document.refresh_from_db()
    assert document.select == ".mine"


# Fetching


@pytest.fixture
def server(settings) -> Iterator[Server]:
    running = Server()
    settings.CAPTURE_PRIVATE = [running.place]
    yield running
    running.close()


def test_a_page_is_fetched_now_and_not_twice_in_a_minute(editor, server):
    server.answers["/terms"] = reply(PAGE)
    document = a_document()
    data = typed(document, "_fetch") | {"source_url": server.url("/terms")}
    said = told(editor.post(path_of(document), data, follow=True))
    assert "Fetched just now" in said
    check = document.checks.get()
    assert check.snapshot and check.recorded_by.username == "editor"
    said = told(editor.post(path_of(document), data, follow=True))
    assert "less than a minute ago" in said and document.checks.count() == 1


def test_private_places_and_pages_for_browsers_are_not_fetched(editor):
    document = a_document()
    data = typed(document, "_fetch") | {"source_url": "http://127.0.0.1:9/terms"}
    editor.post(path_of(document), data)
    assert document.checks.get().outcome == "failed" and not document.responses.exists()
    shown = a_document(needs_browser=True)
    assert "needs a browser" in told(editor.post(path_of(shown), typed(shown, "_fetch"), follow=True))
    assert not shown.checks.exists()


# Who may


def test_a_viewer_mends_and_fetches_nothing(client, analyst, reviewer):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    snapshot = misread()
    document = snapshot.document
    for visitor in (signed_in(viewer), analyst, reviewer):
        assert visitor.get(path_of(document)).status_code == 403
        for button in ("_try", "_save", "_again", "_fetch"):
            assert visitor.post(path_of(document), typed(document, button)).status_code == 403
    assert "login-form" in client.post(path_of(document), typed(document, "_save")).content.decode()
    mender = User.objects.create_user("mender", is_staff=True)
    mender.user_permissions.set(Permission.objects.filter(codename__in=["view_document", "change_document"]))
    assert signed_in(mender).post(path_of(document), typed(document, "_again")).status_code == 403
    document.refresh_from_db()
    assert (document.select, document.snapshots.count(), document.checks.count()) == (".login", 1, 1)


def test_the_pages_take_few_queries(editor):
    snapshot = misread()

    def queries(client: Client, path: str, data: dict[str, str] | None = None) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert (client.post(path, data) if data else client.get(path)).status_code == 200
        return len(captured)

    paths = [
        address(Snapshot, "change", snapshot.pk),
        path_of(snapshot.document),
        reverse("admin:platforms_response_page", args=[snapshot.response_id]),
    ]
    counts = {path: queries(editor, path) for path in paths}
    counts["_try"] = queries(editor, path_of(snapshot.document), typed(snapshot.document, "_try"))
    assert max(counts.values()) <= 20, counts
