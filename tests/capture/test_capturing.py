"""The command `capture` against a real server: what each look leaves in the database."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conductatlas import actors
from conductatlas.rules import Refused
from platforms.actions import captures, judge
from platforms.capturing import due
from platforms.management.commands import capture as command
from platforms.models import Body, Change, Check, Document, Response, Snapshot, Transition, Version
from tests.factories import a_document

from .conftest import make_fetcher
from .pages import answer
from .server import Server, moved, reply

pytestmark = pytest.mark.django_db

PARAGRAPH = (
    "<p>We collect what you write, and we keep it for {days} days after you close your account. "
    "You may ask us to delete it at any time, and we answer within one month.</p>"
)
POLICY = (
    "<html><head><title>Privacy Policy</title></head><body><nav><a href='/'>Home</a></nav><main><h1>Privacy Policy</h1>"
    "<p>Last updated: 3 March 2026</p>"
    + "<p>This policy says which personal data we process, why we do so, and which rights you have under the law.</p>"
    "<h2>What we keep</h2>{kept}<h2>Your rights</h2>"
    "<p>You have the right to see your data, to correct them, and to take them with you to another service.</p>"
    "<p>Write to privacy@example.org if you want to use one of these rights; we do not charge for it.</p>"
    "</main></body></html>"
)

WALL = (
    b"<html><head><title>Sign in</title></head><body><main><h1>Sign in</h1><p>Please log in.</p></main></body></html>"
)


def policy(days: int = 30, extra: str = "") -> bytes:
    return POLICY.format(kept=PARAGRAPH.format(days=days) + extra).encode()


@pytest.fixture
def look(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Runs the command for some documents; gives what it says of the last of them."""
    monkeypatch.setattr(command, "fetcher", lambda: make_fetcher(server))

    def run(*documents: Document, **options: Any) -> dict[str, Any]:
        out = StringIO()
        call_command("capture", *(document.record_id for document in documents), json=True, stdout=out, **options)
        return json.loads(out.getvalue())["looked"][-1]

    return run


def published(server: Server, content: bytes = b"", *, path: str = "/privacy", **fields: Any) -> Document:
    """A document whose page the server has."""
    server.answers[path] = reply(content or policy())
    fields = {"kind": "privacy_policy", "title": "Privacy Policy", "language": "en", **fields}
    return a_document(source_url=server.url(path), **fields)


def test_a_new_document_is_kept_whole(server: Server, look: Callable):
    document = published(server)
    said = look(document)
    snapshot = Snapshot.objects.get(document=document)
    assert said == {
        "document": document.record_id,
        "outcome": "new_text",
        "reason": "The whole page was read; a selector that may fit it better: main",
        "snapshot": snapshot.record_id,
        "not_before": None,
    }
    assert "for 30 days after you close" in snapshot.text.content
    assert "Home" not in snapshot.text.content
    assert bytes(snapshot.response.body.content) == policy()
    assert snapshot.response.status == 200
    assert snapshot.http_status == 200
    assert snapshot.final_url == server.url("/privacy")
    assert ["content-type", "text/html"] in [
        [name.lower(), value.split(";")[0]] for name, value in snapshot.response.headers
    ]
    assert snapshot.version.transition.kind == "first"


def test_the_same_page_again_is_one_more_look_and_no_text(server: Server, look: Callable):
    document = published(server)
    look(document)
    assert look(document)["outcome"] == "unchanged"
    assert Snapshot.objects.filter(document=document).count() == 1
    assert Check.objects.filter(document=document).count() == 2
    assert Response.objects.filter(document=document).count() == 2
    assert Body.objects.count() == 1


def test_a_changed_number_is_a_change(server: Server, look: Callable):
    document = published(server)
    look(document)
    server.answers["/privacy"] = reply(policy(days=60))
    assert look(document)["outcome"] == "new_text"
    change = Change.objects.get(document=document)
    assert change.silent
    assert "30 days" in change.removed[0]
    assert "60 days" in change.added[0]


def test_a_login_wall_with_status_200_is_set_aside_and_touches_nothing(server: Server, look: Callable):
    document = published(server)
    look(document)
    server.answers["/privacy"] = reply(WALL)
    assert look(document)["outcome"] == "quarantined"
    assert look(document)["outcome"] == "quarantined", "the same wall once more"
    assert Snapshot.objects.filter(document=document).count() == 2
    assert Version.objects.counting().filter(document=document).count() == 1
    server.answers["/privacy"] = reply(policy())
    assert look(document)["outcome"] == "noise", "the text is the one from before"
    assert not Change.objects.filter(document=document).exists()


def test_releasing_and_discarding_derives_anew(server: Server, look: Callable):
    document = published(server)
    look(document)
    server.answers["/privacy"] = reply(WALL)
    look(document)
    server.answers["/privacy"] = reply(policy(days=60))
    look(document)
    (direct,) = Change.objects.filter(document=document)
    held = Snapshot.objects.get(document=document, version=None)
    judge(snapshot=held, judgement="released", reason="A test of mine.", by=actors.catalogue())
    direct.refresh_from_db()
    assert direct.is_superseded
    assert direct.superseded_reason
    kinds = {row.version.snapshot_id: row.kind for row in Transition.objects.filter(version__document=document)}
    assert kinds[held.pk] != "first"
    judge(snapshot=held, judgement="discarded", reason="It was a wall.", by=actors.catalogue())
    direct.refresh_from_db()
    assert not direct.is_superseded
    assert [change.number for change in Change.objects.filter(document=document).public()] == [direct.number]


def test_a_failure_is_a_look_too(server: Server, look: Callable):
    document = published(server)
    look(document)
    del server.answers["/privacy"]
    said = look(document)
    assert said["outcome"] == "failed"
    assert "404" in said["reason"]
    assert Version.objects.counting().filter(document=document).count() == 1


def test_a_selector_that_matches_nothing_names_itself(server: Server, look: Callable):
    document = published(server, select="article.policy")
    said = look(document)
    assert said["outcome"] == "failed"
    assert "article.policy" in said["reason"]
    assert Response.objects.get(document=document).body is not None, "the bytes are kept all the same"


def test_new_selectors_read_the_kept_bytes_again_first(server: Server, look: Callable):
    banner = "<div class='banner'><p>Join our newsletter to learn about our newest and most exciting offers.</p></div>"
    document = published(server, policy(extra=banner))
    look(document)
    document.remove = ".banner"
    document.save()
    server.answers["/privacy"] = reply(policy(days=60, extra=banner))
    look(document)
    first, again, last = Snapshot.objects.filter(document=document).order_by("captured_at")
    assert "newsletter" in first.text.content
    assert again.technical
    assert "newsletter" not in again.text.content
    assert "30 days" in again.text.content
    assert again.response == first.response
    assert "60 days" in last.text.content
    assert last.version.transition.kind == "substantive"
    (change,) = Change.objects.filter(document=document)
    assert change.before == again
    assert not any("newsletter" in sentence for sentence in change.removed)


def test_a_server_that_knows_its_page_answers_304(server: Server, look: Callable):
    document = published(server)
    server.answers["/privacy"] = reply(policy(), ETag='"one"')
    look(document)
    server.answers["/privacy"] = reply(b"", status="304 Not Modified")
    assert look(document)["outcome"] == "unchanged"
    assert server.asked[-1].headers["if-none-match"] == '"one"'


def test_one_failing_host_holds_up_no_other(server: Server, look: Callable, monkeypatch: pytest.MonkeyPatch):
    good = published(server)
    bad = a_document(source_url="http://127.0.0.1:1/terms", kind="privacy_policy")
    look(bad, good)
    outcomes = {check.document_id: check.outcome for check in Check.objects.filter(document__in=[good, bad])}
    assert outcomes == {good.pk: "new_text", bad.pk: "failed"}


def test_to_hear_that_an_unread_page_is_the_same_is_not_asked_for(server: Server, look: Callable):
    document = published(server)
    server.answers["/privacy"] = reply(policy(), ETag='"one"')
    look(document)
    server.answers["/privacy"] = reply(b"\x89PNG", Content_Type="image/png", ETag='"picture"')
    assert look(document)["outcome"] == "failed"
    assert look(document)["outcome"] == "failed", "304 to the picture's ETag would read as unchanged"
    assert "if-none-match" not in server.asked[-1].headers


def test_an_address_longer_than_a_column_costs_nothing(server: Server, look: Callable):
    document = published(server)
    long = "/privacy?session=" + "x" * 1_500
    server.answers |= {"/privacy": moved(long), long: reply(policy())}
    assert look(document)["outcome"] == "new_text"
    snapshot = Snapshot.objects.get(document=document)
    assert snapshot.final_url == ""
    assert snapshot.response.final_url == server.url(long)
    too_long = "/privacy?session=" + "é" * 900  # 5,400 characters once it is encoded
    server.answers["/privacy"] = moved(too_long)
    assert look(document)["outcome"] == "failed"


def test_what_cannot_be_kept_costs_its_own_look_and_its_bytes_stay(
    server: Server, look: Callable, monkeypatch: pytest.MonkeyPatch
):
    bad, good = published(server), published(server, policy(days=60), path="/other")
    record = captures.record_snapshot

    def failing(**given: Any) -> Snapshot:
        if given["document"] == bad:
            raise ValueError("a fault of ours")
        return record(**given)

    monkeypatch.setattr(captures, "record_snapshot", failing)
    look(bad, good)
    failed = Check.objects.get(document=bad)
    assert failed.outcome == "failed"
    assert "could not be kept" in failed.reason
    assert bytes(failed.response.body.content) == policy()
    assert Check.objects.get(document=good).outcome == "new_text"


def test_one_moment_has_one_look():
    document = a_document(title="Terms")
    copy = replace(
        answer(policy()), original="https://pennowisk.example/terms", copied_at=datetime(2025, 8, 29, tzinfo=UTC)
    )
    later = replace(copy, copied_at=datetime(2025, 9, 1, tzinfo=UTC))
    for one in (copy, later):
        captures.record_capture(document=document, result=one, by=actors.machine())
    for one in (copy, later):
        with pytest.raises(Refused, match="nothing was added"):
            captures.record_capture(document=document, result=one, by=actors.machine())
    assert Response.objects.filter(document=document).count() == 2


def test_a_private_address_is_a_failed_look(server: Server, look: Callable):
    document = a_document(source_url="http://169.254.169.254/latest/meta-data/")
    said = look(document)
    assert said["outcome"] == "failed"
    assert "169.254.169.254" in said["reason"]


def test_due_follows_the_interval_and_what_the_server_asked(server: Server, look: Callable):
    document = published(server, capture_every=7)
    never = published(server, path="/never")
    retired = published(server, path="/retired", capture_every=1, retired_on="2026-01-01")
    now = datetime.now(UTC)
    ours = {document.pk, never.pk, retired.pk}
    assert [row.pk for row in due(now) if row.pk in ours] == [document.pk]
    look(document)
    assert not any(row.pk in ours for row in due(now + timedelta(days=6)))
    assert [row.pk for row in due(now + timedelta(days=7, minutes=5)) if row.pk in ours] == [document.pk]
    Check.objects.create(
        document=document,
        checked_at=now + timedelta(days=8),
        outcome="failed",
        reason="asked to wait",
        not_before=now + timedelta(days=30),
        recorded_by=actors.machine(),
    )
    assert not any(row.pk in ours for row in due(now + timedelta(days=20)))
    assert [row.pk for row in due(now + timedelta(days=31)) if row.pk in ours] == [document.pk]


def test_a_wait_that_the_server_asks_for_is_kept(server: Server, look: Callable):
    document = published(server)
    server.answers["/privacy"] = reply(b"", status="429 Too Many Requests", Retry_After="3600")
    said = look(document)
    assert said["outcome"] == "failed"
    assert datetime.fromisoformat(said["not_before"]) > datetime.now(UTC) + timedelta(minutes=50)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give --due"),
        (["CA-D-99999"], "CA-D-99999"),
        (["CA-P-010656"], "CA-P-010656"),
        (["nobody/terms"], "nobody/terms"),
    ],
)
def test_what_cannot_be_captured_is_refused_in_one_line(arguments: list[str], told: str):
    with pytest.raises(CommandError, match=told):
        call_command("capture", *arguments)


def test_a_document_without_an_address_is_named():
    document = a_document()
    with pytest.raises(CommandError, match=document.record_id):
        call_command("capture", document.record_id)
