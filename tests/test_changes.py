"""Classes of transitions: what is news, and what only looks like it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.changes import Kind, classify, essence
from platforms.plaintext import project

from .amended import POLICY, changed, to


def test_the_same_text_is_identical() -> None:
    found = classify(POLICY, project(POLICY))
    assert (found.kind, found.removed, found.added, found.silent) == (Kind.IDENTICAL, (), (), False)
    assert found.stated_before == found.stated_after == date(2026, 5, 5)


@pytest.mark.parametrize(
    "after",
    [
        POLICY.replace("\n", "\r\n"),
        POLICY.replace("*   to", "* to"),
        changed("contract between", "contract \n between"),
        changed("Ltd. Please", "Ltd.Please"),
        changed("service safe;", "service safe ;"),
    ],
)
def test_spacing_is_no_change(after: str) -> None:
    assert to(after).kind is Kind.WHITESPACE


@pytest.mark.parametrize(
    "after",
    [
        changed("a contract", "**a contract**"),
        changed("write to us", "[write to us](https://heron.example/?token=81f)"),
        changed("*   to", "- to"),
        changed("1\\. Your account\n----------------", "## 1. Your account"),
    ],
)
def test_markup_and_links_are_no_change(after: str) -> None:
    assert to(after).kind is Kind.MARKUP


def test_a_link_whose_address_rotates_is_markup() -> None:
    before = changed("write to us", "[write to us](https://heron.example/?token=81f)")
    assert to(before.replace("81f", "92a"), before).kind is Kind.MARKUP


def test_an_address_hidden_from_programs_is_no_change() -> None:
    before = changed("write to us", "write to help@heron.example")
    after = before.replace("help@heron.example", "[email protected]")
    assert to(after, before).kind is Kind.MARKUP
    assert to(before, after).kind is Kind.MARKUP
    assert to(before.replace("help@", "care@"), before).kind is Kind.SUBSTANTIVE


def test_another_order_is_markup_and_says_so() -> None:
    after = changed("*   to keep the service safe;\n", "").replace(
        "*   to improve the service.", "*   to improve the service.\n*   to keep the service safe;"
    )
    found = to(after)
    assert (found.kind, found.reason) == (Kind.MARKUP, "The same sentences stand in another order.")


@pytest.mark.parametrize(
    "after",
    [
        POLICY.replace("3\\. Disputes", "4\\. Disputes"),
        POLICY.replace("3\\. Disputes", "C.3. Disputes"),
        POLICY.replace("3\\. Disputes", "Disputes"),
        changed("to improve the service.", "to improve the service"),
        changed("A court in Dublin decides.", "A court in Dublin decides;"),
    ],
)
def test_numbers_of_headings_and_full_stops_of_items_are_markup(after: str) -> None:
    found = to(after)
    assert (found.kind, found.removed, found.added) == (Kind.MARKUP, (), ())


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (changed("16 years old to open an account. You", "16 years old to open an account You"), Kind.MARKUP),
        (changed("for as long as you have an account. We", "for as long as you have an account.We"), Kind.WHITESPACE),
    ],
)
def test_a_missing_full_stop_is_no_lost_sentence(after: str, kind: Kind) -> None:
    for found in (to(after), to(POLICY, after)):
        assert (found.kind, found.removed, found.added) == (kind, (), ())


def test_joined_sentences_do_not_hide_a_change_beside_them() -> None:
    after = changed("an account. You can", "an account You can").replace("in Dublin", "in Cork")
    found = to(after)
    assert (found.kind, found.removed, found.added) == (
        Kind.SUBSTANTIVE,
        ("A court in Dublin decides.",),
        ("A court in Cork decides.",),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within 30 days", "within 60 days"),
        ("16 years", "13 years"),
        ("Canada", "Chad"),
        ("We may end", "We may not end"),
        ("a court in dublin", "A court in Dublin"),
        ("You must be 16", "From 1 May 2026 you must be 16"),
    ],
)
def test_a_word_or_a_number_is_a_change(old: str, new: str) -> None:
    before = POLICY.replace("A court in Dublin", "a court in dublin")
    found = to(changed(old, new, before), before)
    assert found.kind is Kind.SUBSTANTIVE
    assert any(new in sentence for sentence in found.added)
    assert found.reason and "\n" not in found.reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.5 percent of each sale is our fee.", "2.5 percent of each sale is our fee."),
        ("*   1.5 GB of storage", "*   2.5 GB of storage"),
        ("| 1.5 | Percent |", "| 2.5 | Percent |"),
        ("The fee applies from 1 May 2026 to all users.", "The fee applies from 1 July 2026 to all users."),
        ("Orders of 1 000 items", "Orders of 10 00 items"),
        ("We pay -5 % at most.", "We pay 5 % at most."),
        ("You have 5 days to object.", "You have 6 days to object."),
        ("See Section 4.2 for this.", "See Section 4.3 for this."),
        ("Do we sell data?\n\nNo.", "Do we sell data?\n\nYes."),
        ("| Data sold | ✓ |", "| Data sold | ✗ |"),
    ],
)
def test_what_looks_like_a_number_or_a_date_to_pass_over(before: str, after: str) -> None:
    assert to(f"{POLICY}\n\n{after}\n", f"{POLICY}\n\n{before}\n").kind is Kind.SUBSTANTIVE


@pytest.mark.parametrize(
    "line",
    [
        "*   Forgery",
        "*   Heron Pro apps",
        "| Merlin SA | Analytics | Spain |",
        "Children",
        "*   [Merlin SA](https://m.example)",
    ],
)
def test_a_short_line_of_a_list_or_table_is_a_change(line: str) -> None:
    found = to(POLICY + line + "\n")
    assert (found.kind, len(found.added), found.removed) == (Kind.SUBSTANTIVE, 1, ())
    assert to(POLICY, POLICY + line + "\n").kind is Kind.SUBSTANTIVE


def test_a_change_is_shown_without_the_dates_and_furniture_beside_it() -> None:
    after = changed("May 5", "June 1").replace("in Dublin", "in Cork") + "\n\nUpdated 2 days ago\n"
    found = to(after)
    assert (found.kind, found.removed, found.added) == (
        Kind.SUBSTANTIVE,
        ("A court in Dublin decides.",),
        ("A court in Cork decides.",),
    )
    assert found.reason == "1 sentence added, 1 sentence removed."


def test_a_sentence_that_stands_twice_is_missed_when_it_stands_once() -> None:
    found = to(changed("We may end the service. You", "You"))
    assert (found.kind, found.removed, found.added) == (Kind.SUBSTANTIVE, ("We may end the service.",), ())


def test_a_return_is_no_change() -> None:
    other = changed("in Dublin", "in Cork")
    found = classify(other, POLICY, earlier=[project(POLICY).fingerprint])
    assert (found.kind, found.added) == (Kind.RETURNED, ("A court in Dublin decides.",))
    assert classify(other, POLICY, earlier=["0" * 64]).kind is Kind.SUBSTANTIVE


def test_a_return_with_another_date_is_seen_by_its_essence() -> None:
    other, again = changed("in Dublin", "in Cork"), changed("May 5", "June 1") + "\n\nUpdated 2 days ago\n"
    assert classify(other, again, earlier=[project(POLICY).fingerprint]).kind is Kind.SUBSTANTIVE
    assert classify(other, again, earlier=[essence(POLICY)]).kind is Kind.RETURNED
    assert classify(POLICY, other, earlier=[essence(POLICY)]).kind is Kind.SUBSTANTIVE


def test_our_own_extraction_is_no_change_but_its_sentences_are_shown() -> None:
    found = classify(POLICY, changed("in Dublin", "in Cork"), technical=True)
    assert (found.kind, found.added) == (Kind.EXTRACTION, ("A court in Cork decides.",))
    assert classify(POLICY, changed("a contract", "**a contract**"), technical=True).kind is Kind.MARKUP


LONG = POLICY + "\n".join(f"\nWe keep the data of kind {n} for {n} days, and no longer than that.\n" for n in range(40))
ERROR = "Page not found\n==============\n\nThe page that you are looking for does not exist.\n"


@pytest.mark.parametrize("broken", [ERROR, "Redirecting to legal.heron.example", "", "Terms of Use\n============\n"])
def test_a_text_that_is_no_policy_breaks_the_transition(broken: str) -> None:
    lost, back = to(broken, LONG), classify(broken, LONG, earlier=[project(LONG).fingerprint])
    assert (lost.kind, back.kind) == (Kind.BROKEN, Kind.BROKEN)
    assert len(lost.removed) > 40 and "no policy text" in lost.reason
    assert classify(LONG, broken, technical=True).kind is Kind.BROKEN


def test_an_error_page_in_place_of_a_joined_page_breaks_the_transition() -> None:
    before = LONG + "\n- - -\n\nCookies\n=======\n\nWe set two cookies. Both end with your visit.\n"
    after = LONG + "\n- - -\n\n" + ERROR
    assert to(after, before).kind is to(before, after).kind is Kind.BROKEN
    assert to(after.replace("in Dublin", "in Cork"), after).kind is Kind.SUBSTANTIVE  # the error stands in both


def test_short_policies_are_compared_like_long_ones() -> None:
    before = "Refunds\n=======\n\nWe refund the fee within 30 days. Write to us and we pay it back to you.\n"
    assert to(before.replace("30", "60"), before).kind is Kind.SUBSTANTIVE
    assert to(before.split("Write")[0], before).kind is Kind.SUBSTANTIVE


# Properties

LINES = st.text(alphabet="ab .;:!?0123456789*_[]()#|-\\\n©,'\"é年月日", max_size=80)
ANYTHING = st.one_of(st.text(max_size=200), LINES, st.lists(LINES, max_size=6).map("\n\n".join))


@given(ANYTHING, ANYTHING, st.booleans())
def test_any_two_texts_have_a_class(before: str, after: str, technical: bool) -> None:
    found = classify(before, after, earlier=[essence(after)], technical=technical)
    assert found.kind in Kind
    assert found.reason.endswith(".")


@given(ANYTHING)
def test_a_text_and_itself_are_identical(text: str) -> None:
    assert classify(text, text).kind is Kind.IDENTICAL


@given(ANYTHING, ANYTHING)
def test_nothing_that_both_hold_equally_often_is_removed_or_added(before: str, after: str) -> None:
    found = classify(before, after)
    counts = [
        [projection.plain[start:end] for start, end in projection.sentences]
        for projection in (project(before), project(after))
    ]
    for sentence in (*found.removed, *found.added):
        assert counts[0].count(sentence) != counts[1].count(sentence)
    assert not set(found.removed) & set(found.added)


WRAPPINGS = ["**{}**", "_{}_", "[{}](https://x.example/a?b=1)", "\u200b{}", "{}\u00ad", " {}", "{}\t"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["contract", "people", "service", "refund", "upload"]), st.sampled_from(WRAPPINGS)),
        min_size=1,
    )
)
def test_noise_of_markup_is_never_a_change(noise: list[tuple[str, str]]) -> None:
    after = POLICY
    for word, wrapping in noise:
        after = after.replace(f" {word} ", f" {wrapping.format(word)} ", 1)
    assert to(after).kind in {Kind.IDENTICAL, Kind.WHITESPACE, Kind.MARKUP}


SUBJECTS = st.sampled_from(["We", "You", "Our partners", "Heron Ltd."])
DEEDS = st.sampled_from(["may share", "must delete", "can sell", "will not keep", "are liable for"])
OBJECTS = st.sampled_from(["your cookies", "the content", "personal data", "what you upload", "any damage"])
PLACES = st.integers(min_value=0, max_value=len(POLICY.split("\n\n")))


@given(SUBJECTS, DEEDS, OBJECTS, st.integers(1, 99), PLACES)
def test_a_sentence_of_meaning_is_always_a_change(subject: str, deed: str, thing: str, days: int, place: int) -> None:
    sentence = f"{subject} {deed} {thing} for {days} days."
    blocks = POLICY.split("\n\n")
    after = "\n\n".join([*blocks[:place], sentence, *blocks[place:]])
    found, back = to(after), to(POLICY, after)
    assert (found.kind, found.added, found.removed) == (Kind.SUBSTANTIVE, (sentence,), ())
    assert (back.kind, back.removed, back.added) == (Kind.SUBSTANTIVE, (sentence,), ())
