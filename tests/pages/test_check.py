"""`/check/`: where a pasted sentence stands, since when and until when; what comes near it; or that it is nowhere."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils.html import escape

from clauses.checking_quotes import LONGEST, Answer, asked, check
from clauses.cutting import lead_ins
from clauses.models import Quotation, RegistryEntry
from clauses.quote_places import fragment
from clauses.spanning import chains, holds
from platforms.actions import judge
from platforms.models import Document, Version
from platforms.plaintext import project

from .. import factories

pytestmark = pytest.mark.django_db

SOLD = "We sell the zebra register of your grandmother to lighthouse keepers."
KEPT = "We keep the zebra register in a walnut cabinet for eleven winters."
CURLY = "Our “zebra register” isn’t shared with *walnut* merchants, **ever**, as [our notice](/notice) says."
NUMBERED = "7. You may inspect the zebra register on Thursdays."
LONG = "x" * (LONGEST + 1)


def text(*blocks: str) -> str:
    return "\n\n".join(["# Zebra terms", "These are the terms of the zebra service.", *blocks])


@pytest.fixture(scope="module", autouse=True)
def recorded(django_db_setup: None, django_db_blocker) -> Iterator[Document]:
    """A document with four texts, recorded once: each test below is a transaction inside this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = factories.a_document(factories.a_platform(name="Zebrawerk"), title="Zebra terms", language="en")
        factories.a_snapshot(found, text(SOLD, KEPT), "2026-01-31")
        factories.a_snapshot(found, text(KEPT, CURLY, NUMBERED), "2026-02-28")
        factories.a_snapshot(found, text(SOLD, KEPT, CURLY, NUMBERED), "2026-03-31")
        factories.a_snapshot(found, text(KEPT, CURLY, NUMBERED), "2026-04-30")
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def document(recorded: Document) -> Document:
    return Document.objects.get(pk=recorded.pk)


def runs(answer: Answer) -> list[tuple[int, int | None, bool]]:
    """Of the first place: first version, the first one without the words, whether no older text is held."""
    return [(run.first.number, run.until and run.until.number, run.from_the_first) for run in answer.places[0].runs]


def test_words_that_stand_are_found_with_their_first_day(document, client):
    answer = check(KEPT)
    assert [place.document for place in answer.places] == [document] and answer.places[0].stands
    assert runs(answer) == [(1, None, True)]
    page = client.get("/check/", {"q": KEPT}).content.decode()
    assert "It stands word for word" in page and "at least since 31 Jan 2026, our first text" in page
    assert f"{document.get_absolute_url()}versions/4/#:~:text=" in page and "noindex" in page


def test_half_a_sentence_is_shown_in_the_whole_of_it(document, client):
    quote = "shared with walnut merchants, ever"
    (cut,) = check(quote).places[0].cuts
    assert cut.before.endswith("isn't ") and cut.words == quote and cut.after == ", as our notice says."
    page = client.get("/check/", {"q": quote}).content.decode()
    assert "Only part of a sentence was quoted" in page and f"<mark>{quote}</mark>, as our notice says." in page
    assert (
        not check(KEPT).places[0].cuts and not check("You may inspect the zebra register on Thursdays.").places[0].cuts
    )


def test_the_sentence_around_old_words_is_that_of_their_text(document):
    factories.a_snapshot(document, text("We never keep the zebra register in a walnut cabinet."), "2026-05-31")
    (cut,) = check("the zebra register in a walnut cabinet for").places[0].cuts
    assert (cut.before, cut.after) == ("We keep ", " eleven winters.")
    (cut,) = check("the zebra register in a walnut cabinet").places[0].cuts
    assert (cut.before, cut.after) == ("We never keep ", ".")


def test_words_that_came_and_went_say_when(document, client):
    answer = check(SOLD)
    assert not answer.places[0].stands
    assert runs(answer) == [(3, 4, False), (1, 2, True)]
    page = client.get("/check/", {"q": SOLD}).content.decode()
    assert "No longer there" in page and "until 30 Apr 2026" in page and "2 separate times" in page


@pytest.mark.parametrize(
    "quote",
    [
        'Our "zebra register" isn\'t shared with walnut merchants, ever, as our notice says.',
        "“Our ‘zebra register’ isn't shared".replace("‘", '"').replace("’", '"').lstrip("“"),
        "Our  “zebra\nregister”   isn’t shared with walnut\xa0merchants, ever",
        "You may inspect the zebra register on Thursdays.",
        "7. You may inspect the zebra register",
        "“You may inspect the zebra register on Thursdays.”",
        "… inspect the zebra register on Thursdays …",
        "for eleven winters. Our “zebra register” isn’t",
        f"{KEPT}\n\n{CURLY}\n\n{NUMBERED}",
        f"{KEPT} {CURLY} {NUMBERED}",
        "Zebra terms These are the terms of the zebra service. We keep the zebra",
    ],
)
def test_only_spacing_quote_marks_and_markup_may_differ(document, quote):
    answer = check(quote)
    assert [place.document for place in answer.places] == [document] and not answer.apart
    assert answer.places[0].stands


@pytest.mark.parametrize(
    "quote",
    [
        KEPT.lower(),
        KEPT.replace("eleven", "twelve"),
        "8. You may inspect the zebra register on Thursdays.",
        "e keep the zebra register in a walnut cab",
        KEPT.replace("We keep", "We do not keep"),
    ],
)
def test_what_differs_in_a_word_a_number_or_a_letter_is_only_near(document, quote, client):
    answer = check(quote)
    assert answer.places == () and answer.parts[0].places == []
    assert answer.parts[0].near[0].document == document
    page = client.get("/check/", {"q": quote}).content.decode()
    assert "Not word for word" in page and "It stands" not in page and "<del>" in page


@pytest.mark.parametrize("quote", [KEPT.upper(), "we keep the zebra register in a walnut cabinet"])
def test_where_only_capitals_differ_it_is_said(document, client, quote):
    assert check(quote).parts[0].near[0].only_case
    page = client.get("/check/", {"q": quote}).content.decode()
    assert "The same words; only capital and small letters differ" in page
    assert not any(near.only_case for near in check("We keep the zebra register in a birch cabinet").parts[0].near)


def test_a_word_that_is_joined_to_another_by_a_dash_is_said_to_be(document, client):
    factories.a_snapshot(document, text("We weigh the zebra data—including its lamp oil."), "2026-05-31")
    quote = "We weigh the zebra data"
    near = check(quote).parts[0].near[0]
    assert near.joined and not near.only_case
    page = client.get("/check/", {"q": quote}).content.decode()
    assert "joined to the next by a hyphen or a dash" in page and "small letters differ" not in page
    assert not check("we weigh the zebra").parts[0].near[0].joined


def test_a_quote_over_several_blocks_stands_only_where_they_follow_one_another(document):
    assert runs(check(f"{SOLD} {KEPT}")) == [(3, 4, False), (1, 2, True)]
    assert runs(check(f"{KEPT} {CURLY}")) == [(2, None, False)]
    assert check(f"{KEPT} {SOLD}").apart


def test_paragraphs_that_stand_apart_are_found_where_all_of_them_stand_at_once(document):
    answer = check(f"{SOLD}\n\n{NUMBERED}")
    assert answer.apart and runs(answer) == [(3, 4, False)]
    assert runs(check(f"{SOLD} […] {CURLY}")) == [(3, 4, False)]


def test_sentences_in_another_order_are_found_one_by_one(document, client):
    answer = check(f"{CURLY} {KEPT}")
    assert answer.apart and runs(answer) == [(2, None, False)]
    page = client.get("/check/", {"q": f"{CURLY} {KEPT}"}).content.decode()
    assert "Both parts stand word for word" in page and "one or two words" not in page
    page = client.get("/check/", {"q": f"{CURLY} {KEPT} So there."}).content.decode()
    assert "Parts of one or two words were not looked for" in page


def test_a_true_and_an_invented_sentence_have_a_verdict_each(document, client):
    quote = f"{KEPT} The moon will be paid in unicorn horns next Tuesday."
    assert [bool(part.places) for part in check(quote).parts] == [True, False]
    page = client.get("/check/", {"q": quote}).content.decode()
    assert "Part 1: stands word for word" in page and "Part 2: found nowhere" in page


def test_the_numbers_of_items_may_be_left_out_over_several_blocks(document):
    items = "1. weigh the zebra register, or", "2. paint the zebra register."
    factories.a_snapshot(document, text("You may not:", *items), "2026-05-31")
    for quote in (
        "You may not: weigh the zebra register, or paint the zebra register.",
        "You may not: 1. weigh the zebra register, or 2. paint the",
    ):
        assert not check(quote).apart and runs(check(quote)) == [(5, None, False)]
    assert check("You may not: 3. weigh the zebra register, or paint the zebra register.").places == ()


LISTED = """You may not use the zebra service in the following ways:

- To paint walnut cabinets.
- To:
    - feed the lighthouse keepers;
    - sell their lamps.

You may also whistle in the walnut garden."""


def test_an_item_of_a_list_is_shown_with_what_leads_in_to_it(document, client):
    factories.a_snapshot(document, text(LISTED), "2026-05-31")
    lead = "You may not use the zebra service in the following ways:"
    assert check("To paint walnut cabinets").places[0].lead_ins == [(lead,)]
    assert check("sell their lamps.").places[0].lead_ins == [(lead, "To:")]
    assert check("You may also whistle in the walnut garden.").places[0].lead_ins == []
    assert check(f"{lead} To paint walnut").places[0].lead_ins == []
    both = check("sell their lamps.\n\nTo paint walnut cabinets.")
    assert both.apart and both.places[0].lead_ins == [(lead, "To:"), (lead,)]
    (part, _) = check("To paint walnut cabinets.\n\nThe moon is paid in unicorn horns.").parts
    assert part.places[0].lead_ins == [(lead,)]
    page = client.get("/check/", {"q": "To paint walnut cabinets."}).content.decode()
    assert "It stands in a list." in page and f"“{lead} … <mark>To paint walnut cabinets.</mark>”" in page


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("You may not:\n\nshare the lamp oil;", [("You may not:",)]),
        ("You may not:\n\n(a) share the lamp oil;", [("You may not:",)]),
        ("## You may not:\n\n- share the lamp oil;", [("You may not:",)]),
        ("You may not:\n\n## Lamps\n\n- share the lamp oil;", []),
        ("You may not:\n\n- sell it\n\nBut you may\n\n- share the lamp oil;", []),
        ("You may not:\n\nShare the lamp oil", []),
        ("- share the lamp oil", []),
        ("You may not:\n\n- use it to:\n- share the lamp oil", [("You may not:", "use it to:")]),
        ("You may:\n- share the lamp oil\n\nYou may not:\n- share the lamp oil", [("You may:",), ("You may not:",)]),
    ],
)
def test_a_lead_in_ends_in_a_colon_right_above_the_list(markdown, expected):
    assert lead_ins("hare the lamp oil", project(markdown)) == []
    words = "Share the lamp oil" if "Share" in markdown else "share the lamp oil"
    assert lead_ins(words, project(markdown)) == expected


def test_documents_of_invented_platforms_are_named_apart(document, client):
    page = client.get("/check/", {"q": KEPT}).content.decode()
    assert "in 1 document\n" in page
    other = factories.a_document(factories.a_platform(name="Zebrini", invented=True), title="Zebrini", language="en")
    factories.a_snapshot(other, text(KEPT, "Only Zebrini paints the zebra register with yoghurt."), "2026-01-31")
    answer = check(KEPT)
    assert (answer.real, answer.invented) == (1, 1) and answer.places[0].document == document
    assert "in 1 document, and in 1 of an invented platform" in client.get("/check/", {"q": KEPT}).content.decode()
    page = client.get("/check/", {"q": "Only Zebrini paints the zebra register"}).content.decode()
    assert "in 1 document, of an invented platform" in page
    assert check(KEPT.lower()).parts[0].near[0].others == 0


def test_without_a_text_of_a_real_platform_nothing_is_said_of_them(client):
    for version in Version.objects.filter(document__platform__invented=False):
        judge(snapshot=version.snapshot, judgement="discarded", reason="no policy", by=factories.actors.catalogue())
    page = client.get("/check/", {"q": "The moon will be paid in unicorn horns."}).content.decode()
    assert "We hold no text of a real platform yet, so nothing can be said of them." in page


def test_of_paragraphs_that_never_stood_together_each_has_its_own_answer(document, client):
    quote = f"{KEPT}\n\nThe moon will be paid in unicorn horns next Tuesday."
    answer = check(quote)
    assert [(bool(part.places), bool(part.near)) for part in answer.parts] == [(True, False), (False, False)]
    page = client.get("/check/", {"q": quote}).content.decode()
    assert "Part 1: stands word for word" in page and "Part 2: found nowhere" in page


def test_words_of_a_discarded_text_stand_nowhere(document):
    newest = document.versions.get(number=4).snapshot
    judge(snapshot=newest, judgement="discarded", reason="another page", by=factories.actors.catalogue())
    assert runs(check(SOLD)) == [(3, None, False), (1, 2, True)]


def test_words_found_nowhere_say_where_was_looked(client, document):
    page = client.get("/check/", {"q": "The moon will be paid in unicorn horns next Tuesday."}).content.decode()
    assert "Found nowhere" in page and "It says nothing of texts that we do not hold" in page
    held = check("The moon will be paid in unicorn horns").held
    assert f"{held.texts} texts" in page and held.documents >= 1


def test_a_clause_that_quotes_the_words_is_named_though_no_text_is_held(client):
    unproven = RegistryEntry.objects.filter(proof="unproven", invented=False).order_by("pk").first()
    quotation = Quotation.objects.filter(provision=unproven.provision_id).order_by("-number").first()
    words = quotation.segments[0]
    answer = check(words[:LONGEST])
    assert unproven.provision in answer.clauses
    page = client.get("/check/", {"q": words[:LONGEST]}).content.decode()
    assert escape(unproven.provision.title) in page and "not checked here" in page


@pytest.mark.parametrize(
    ("quote", "problem"),
    [
        ("", "nothing"),
        (" \n\t ", "nothing"),
        ("\0", "nothing"),
        ("?!… —", "no words"),
        ("a b", "few"),
        ("x" * (LONGEST + 1), "long"),
    ],
)
def test_what_cannot_be_looked_for_says_why(client, quote, problem):
    assert asked(quote).problem == problem
    answer = client.get("/check/", {"q": quote})
    assert answer.status_code == 200 and "Nothing was looked for" in answer.content.decode()


@pytest.mark.parametrize(
    "quote",
    [
        "zebra\0register of your grandmother",
        "a & b | !c <-> (d) :* 'e'",
        "'; DROP TABLE platforms_passage; --",
        "\\ '\\'' \\\\ it''s a test",
        "\u202eesrever si siht sdrow\u202c and more",
        "هذه الكلمات تقف في السياسة",
        "我们不会出售您的数据给任何人",
        "you may not do so if they are",
        "<script>alert(1)</script> <b>three bold words</b>",
        "![an image](x) [a](b) `code` **bold** | a | b |",
        "%s %(name)s {0} {{ x }} {% y %}",
        "word " * 990,
        "\n\n".join(f"paragraph number {n} is here" for n in range(60)),
        "\ufeff\u200b\u00ad one two three",
        "\ud83d one two three".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    ],
)
def test_no_input_breaks_the_page(client, document, quote):
    answer = client.get("/check/", {"q": quote})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "quote",
    [
        KEPT, SOLD, KEPT.lower(), f"{KEPT} {CURLY}", f"{SOLD}\n\n{NUMBERED}", f"{KEPT}\n\n{SOLD.lower()}",
        "you may not do so if they are", "The moon will be paid in unicorn horns.",
    ],
)  # fmt: skip
def test_no_kind_of_answer_takes_many_queries(document, quote, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        check(quote)


def test_the_empty_page_asks(client):
    page = client.get("/check/").content.decode()
    assert "<textarea" in page and "noindex" not in page


def test_holding_is_not_beginning_or_ending_inside_a_word():
    assert holds("sell data", "We sell data.") and holds("30 days", "within 30 days.")
    assert not holds("sell data", "We resell data.") and not holds("0 days", "within 30 days.")
    assert not holds("sell data", "We sell data-free plans.")


def test_chains_are_ends_whole_blocks_and_beginnings():
    blocks = {1: "It ends here.", 2: "Whole.", 3: "Begins and goes on.", 4: "here. Whole. Begins"}
    assert chains("ends here. Whole. Begins and", blocks) == [(1, 2, 3)]
    assert chains("here. Begins", blocks) == [(1, 3)]
    assert chains("ends here", blocks) == []
    assert chains("here. whole item goes", {1: "It ends here.", 2: "3. whole item", 3: "(b) goes on"}) == [(1, 2, 3)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3. You may ask", "#:~:text=You%20may%20ask"),
        ('"Quoted" words', ""),
        ("a, b & c", "#:~:text=a%2C%20b%20%26%20c"),
        (" ".join("abcdefghijklm"), "#:~:text=a%20b%20c%20d%20e%20f,h%20i%20j%20k%20l%20m"),
    ],
)
def test_the_address_leads_to_the_words(words, expected):
    assert fragment(words) == expected
