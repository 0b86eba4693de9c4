"""Complaints and letters as plain text: what they say, which of their words are blanks, and mail addresses that
nothing can be smuggled into.
"""

from dataclasses import replace
from email import message_from_string
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.blanks import CHOICE, DAY, LINE, LONG, mailto, plain
from clauses.kits import CLEAR, WANT, WISHES, Copy, Facts, Law, kit, wishes_for
from clauses.letters import letter_of, letter_slugs, mail_address
from clauses.vocabulary import ActionKind

FACTS = Facts(
    platform="Testwerk",
    invented=False,
    website="https://testwerk.example/",
    party="Testwerk Ltd",
    document="Terms",
    market="European Union",
    source_url="https://testwerk.example/terms",
    title="They keep it",
    sentences=[(1, 0, "We keep it. "), (2, 1, "You can\nask.")],
    cut=True,
    copy=Copy("8 Jun 2026", "a" * 64, "https://atlas.example/1.md", shows=True),
    evidence="Found word for word in the text of 1 Jun 2026",
    now="Found word for word in the text of 8 Jun 2026",
    today="1 Oct 2026",
    stands=True,
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


def text_with(**changed) -> str:
    return plain(kit(replace(FACTS, **changed)).parts)


def test_a_complaint_says_every_fact_of_the_record():
    text = text_with()
    for fact in (
        *(
            "To: The Authority",
            "Testwerk Ltd",
            "Terms (European Union)",
            FACTS.source_url,
            FACTS.address,
            FACTS.website,
        ),
        *("(1) We keep it.", "[…]", "(2) You can ask.", "the passage goes on", "stand in the text of 8 Jun 2026."),
        *(FACTS.copy.sha256, FACTS.copy.address, FACTS.record_sha256, "CA-P-000001, version 2"),
        *(f"today, 1 Oct 2026: “{FACTS.now}”", f"When the record was published: “{FACTS.evidence}”"),
        *("“It looks after data.”", "The Act (Act 1), Art. 5, Art. 6: It asks for a reason."),
    ):
        assert fact in text
    assert "invented" not in text


def test_what_is_not_known_is_said_to_be_unknown_and_leaves_no_empty_section():
    text = text_with(website="", party="", market="", source_url="", copy=None, laws=[], cut=False)
    for label in ("Website of the platform", "Legal party named in the document", "Published at", "its SHA-256"):
        assert f"{label}: not known\n" in text
    for label in ("Download", "WHAT THE LAW SAYS", "goes on"):
        assert label not in text
    leads = [line for line in text.splitlines() if line.rstrip().endswith(":")]
    assert leads == ["The words, sentence by sentence:", "What I want from Testwerk:"]
    assert "\n\n\n" not in text


def test_words_that_no_text_shows_today_are_told_as_what_the_catalogue_records():
    flat, told = text_with(), text_with(stands=False)
    assert "I write about a clause in the document “Terms” of Testwerk." in flat
    assert "whether this clause and what Testwerk does under it keep to the law" in flat
    assert "about words that ConductAtlas, an independent catalogue, records for the document “Terms”" in told
    assert "Complaint about Testwerk: words recorded as “They keep it”" in told
    assert "The words, as ConductAtlas records them, sentence by sentence:" in told
    assert "whether such a clause, if it stands there, and what Testwerk does" in told
    for text in (flat, told):
        assert "I read these words myself at: [address]\nDay on which I read them: [day]" in text


def test_a_hash_comes_with_its_text_or_as_reported():
    held = text_with(copy=Copy("1 Jan 2026", "c" * 64, "https://atlas.example/2.md"))
    assert "taken, as reported, from the text of 1 Jan 2026. ConductAtlas holds that text." in held
    assert f"SHA-256 of that text: {'c' * 64}\nDownload of that text: https://atlas.example/2.md" in held
    reported = text_with(copy=Copy("1 Jan 2026", "c" * 64))
    assert "from the text of 1 Jan 2026, which ConductAtlas does not hold." in reported
    assert f"SHA-256 of that text, as reported: {'c' * 64}" in reported and "Download" not in reported


def test_what_would_put_it_right_stands_with_the_wishes_and_the_free_text():
    made = kit(FACTS)
    lead, end = [part for part in made.parts if part.with_any]
    assert lead.words.endswith("What I want from Testwerk:") and end.words == "\n\n"
    assert set(lead.with_any) == set(end.with_any) == {WANT.key, *(wish.key for wish in made.wishes)}


def test_a_complaint_about_an_invented_platform_says_so_first():
    text = text_with(invented=True)
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
        ("I ask for", "refund of … / other", LINE),
        ("Your reasons", "your reasons", LONG),
        ("Date of the letter", "date", DAY),
    ]
    assert letter.fields[3].options == ("Free", "Pro")
    assert len({field.key for field in letter.fields}) == len(letter.fields)
    assert plain(letter.body) == body.replace("\r\n", "\n")
    assert {part.field for part in (*letter.subject, *letter.body)} - {""} == {field.key for field in letter.fields}


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("I am new. I accepted your Terms of Service on [date].", "I accepted your Terms of Service on"),
        ("The account [address] was opened by my child, who is [age].", "The account"),
        ("[your name], I live in [country]", "I live in"),
        ("My account was [cancelled / ended].", "My account was"),
        ("On [date] it went.", "Date"),
        ("I ask to delete [name of the draft].", "Name of the draft"),
        ("From [place] I write on [date]", "Place"),
    ],
)
def test_a_hint_that_says_little_is_asked_for_by_the_words_before_it(body: str, label: str):
    found = [field.label for field in letter_of(action(body=body), "ask").fields]
    assert label in found


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


@given(ANY_TEXT, ANY_TEXT.filter(bool))
def test_a_mail_address_carries_any_text(subject, body):
    query = urlsplit(mailto("a@b.example", subject, body)).query.removeprefix("subject=")
    carried_subject, carried_body = query.split("&body=")
    assert unquote(carried_subject) == " ".join(subject.split())
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    assert unquote(carried_body) == lines.replace("\n", "\r\n")


def test_a_step_without_an_e_mail_address_has_no_mail_address():
    assert mail_address(action(email="")) == ""
    assert mail_address(action(body="")) == "mailto:a@b.example"
    assert mail_address(action()) == "mailto:a@b.example?subject=Hello&body=Dear%20all"
