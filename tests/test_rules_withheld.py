"""Texts whose words were taken out under a legal order, and the command that does it."""

import hashlib
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from clauses.evidence import evidence_for
from clauses.models import Quotation
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.actions import Refused
from platforms.models import Text

from . import factories

pytestmark = pytest.mark.django_db


def by() -> User:
    return actors.catalogue()


def person(name: str) -> User:
    return User.objects.create_user(name)


def state_of(quotation: Quotation) -> str:
    return evidence_for(quotation.provision, quotation).state


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
            transaction.atomic(),
            connection.cursor() as cursor,
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
