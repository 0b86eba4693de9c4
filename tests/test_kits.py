"""Complaints and letters as plain text: what they say, which of their words are blanks, and mail addresses that
nothing can be smuggled into.
"""

from email import message_from_string
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.blanks import CHOICE, DAY, LINE, LONG, mailto, plain
from clauses.kits import CLEAR, WISHES, Facts, Law, kit, wishes_for
from clauses.letters import letter_of, letter_slugs, mail_address
from clauses.vocabulary import ActionKind

FACTS = Facts(
    platform="Testwerk",
    invented=False,
    party="Testwerk Ltd",
    document="Terms",
    market="European Union",
    source_url="https://testwerk.example/terms",
    title="They keep it",
    sentences=[(1, 0, "We keep it. "), (2, 1, "You can\nask.")],
    cut=True,
    text_date="8 Jun 2026",
    text_sha256="a" * 64,
    evidence="Found word for word in the text of 8 Jun 2026",
    stands_now="No longer in the text since 1 Oct 2026",
    record="CA-P-000001",
    version=2,
    record_sha256="b" * 64,
    address="https://atlas.example/record/CA-P-000001/v2/",
    agency="The Authority",
    reason="It looks after data.",
    laws=[Law("The Act", "Act 1", ["Art. 5", "Art. 6"], "It asks for a reason.")],
    action_kinds=["request_deletion", "request_deletion", "keep_record"],
)


def action(**changed) -> dict:
    letter = {"subject": changed.pop("subject", "Hello"), "body": changed.pop("body", "Dear all")}
    return {"kind": "ask", "title": "Ask", "email": "a@b.example", "letter": letter, **changed}


def test_a_complaint_says_every_fact_of_the_record():
    text = plain(kit(FACTS).parts)
    for fact in (
        *("To: The Authority", "Testwerk Ltd", "Terms (European Union)", FACTS.source_url, FACTS.address),
        *("(1) “We keep it.”", "[…]", "(2) “You can ask.”", "the passage goes on", "Text of: 8 Jun 2026"),
        *(FACTS.text_sha256, FACTS.record_sha256, "CA-P-000001, version 2", FACTS.evidence, FACTS.stands_now),
        *("“It looks after data.”", "The Act (Act 1), Art. 5, Art. 6: It asks for a reason."),
    ):
        assert fact in text
    assert "invented" not in text


def test_what_is_not_known_leaves_no_empty_line_or_section():
    unknown = {"party": "", "market": "", "source_url": "", "text_date": "", "text_sha256": "", "stands_now": ""}
    text = plain(kit(Facts(**{**vars(FACTS), **unknown, "laws": [], "cut": False})).parts)
    for label in ("Legal party", "Published at", "Text of", "SHA-256 of that text", "today", "LAW", "goes on"):
        assert label not in text
    leads = [line for line in text.splitlines() if line.rstrip().endswith(":")]
    assert leads == ["The words, sentence by sentence:", "What I want from Testwerk:"]
    assert "\n\n\n" not in text


def test_a_complaint_about_an_invented_platform_says_so_first():
    text = plain(kit(Facts(**{**vars(FACTS), "invented": True})).parts)
    assert text.startswith("EXAMPLE ONLY, NOT TO BE SENT: Testwerk is an invented platform.")


def test_every_blank_of_a_complaint_has_a_field_and_every_field_a_blank():
    made = kit(FACTS)
    assert {part.field for part in made.parts} - {""} == {field.key for field in made.fields}
    assert len({field.key for field in made.fields}) == len(made.fields)
    assert {part.wish for part in made.parts} - {""} == {wish.key for wish in made.wishes}


def test_wishes_follow_the_steps_of_the_record_and_never_repeat():
    words = [wish.words for wish in wishes_for(FACTS.action_kinds)]
    assert words == [WISHES["request_deletion"], CLEAR]
    assert [wish.words for wish in wishes_for([])] == [CLEAR]
    assert set(WISHES) <= {kind.value for kind in ActionKind}


def test_letters_are_numbered_by_kind_among_those_that_have_a_text():
    steps = [
        action(kind="refuse_training", body=""),
        action(kind="refuse_training"),
        action(kind="ask"),
        action(kind="refuse_training"),
    ]
    assert letter_slugs(steps) == ["", "refuse-training", "ask", "refuse-training-2"]


def test_blanks_of_a_letter_become_fields_named_by_their_line():
    body = (
        "Under 9.6 I opt out.\r\n\r\nName: [your full name]\nAccount: [e-mail address]\nPlan: [Free / Pro]\n"
        "Signed up on: [date]\nSince: [date]\nI ask for [refund of … / other].\n[your reasons]\n\n[your name]\n[date]"
    )
    letter = letter_of(action(subject="Account [e-mail address]", body=body), "ask")
    found = [(field.label, field.hint, field.kind) for field in letter.fields]
    assert found == [
        ("E-mail address", "e-mail address", LINE),
        ("Your name", "your name", LINE),
        ("Account", "e-mail address", LINE),
        ("Plan", "Free / Pro", CHOICE),
        ("Signed up on", "date", LINE),
        ("Since", "date", LINE),
        ("Refund of … / other", "refund of … / other", LINE),
        ("Your reasons", "your reasons", LONG),
        ("Date of the letter", "date", DAY),
    ]
    assert letter.fields[3].options == ("Free", "Pro")
    assert len({field.key for field in letter.fields}) == len(letter.fields)
    assert plain(letter.body) == body.replace("\r\n", "\n")
    assert {part.field for part in (*letter.subject, *letter.body)} - {""} == {field.key for field in letter.fields}


@given(st.text(alphabet=st.sampled_from("[]ab :\n…/."), max_size=80))
def test_a_letter_loses_no_character_to_its_blanks(body):
    assert plain(letter_of(action(body=body), "ask").body) == body


HOSTILE = (
    "x&cc=spy@evil.example",
    "x?bcc=spy@evil.example",
    "x%0D%0ABcc: spy@evil.example",
    "x\r\nBcc: spy@evil.example",
    "#\"'<>",
)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_mail_address_has_one_receiver_one_subject_and_one_body(text):
    address = mailto(f"a@b.example{text}", text, text)
    assert not set(address) & set("\r\n \"'<>#")
    parts = urlsplit(address)
    assert unquote(parts.path) == f"a@b.example{text}"
    assert [key for key, _ in parse_qsl(parts.query, keep_blank_values=True)] == ["subject", "body"]
    subject, body = (value for _, value in parse_qsl(parts.query, keep_blank_values=True))
    message = message_from_string(f"Subject: {subject}\n\n{body}")
    assert message["Bcc"] is None and message["Subject"] == " ".join(text.split())


@given(ANY_TEXT, ANY_TEXT)
def test_a_mail_address_carries_any_text(subject, body):
    query = urlsplit(mailto("a@b.example", subject, body)).query.removeprefix("subject=")
    carried_subject, carried_body = query.split("&body=")
    assert unquote(carried_subject) == " ".join(subject.split())
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    assert unquote(carried_body) == lines.replace("\n", "\r\n")


def test_a_step_without_an_e_mail_address_has_no_mail_address():
    assert mail_address(action(email="")) == ""
    assert mail_address(action()) == "mailto:a@b.example?subject=Hello&body=Dear%20all"
