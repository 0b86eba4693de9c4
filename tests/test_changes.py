"""Classes of transitions: what is news, and what only looks like it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.changes import Kind, Transition, classify, essence
from platforms.plaintext import project
from platforms.stated import is_date_line, stated

POLICY = """Terms of Use
============

Last updated: May 5, 2026

These terms are a contract between you and Heron Ltd. Please read them with care.

1\\. Your account
----------------

You must be 16 years old to open an account. You can close it within 30 days and we refund the fee.

2\\. Your content
----------------

We keep what you upload for as long as you have an account. We may use it:

*   to show it to the people you choose;
*   to keep the service safe;
*   to improve the service.

We may end the service. You can write to us.

3\\. Disputes
------------

We may end the service. A court in Dublin decides.

| Partner | Purpose | Country |
| --- | --- | --- |
| Kestrel Inc. | Payments | Canada |
| Osprey GmbH | Storage | Germany |
"""


def changed(old: str, new: str, text: str = POLICY) -> str:
    """The policy with words replaced; the words must stand in it."""
    assert old in text
    return text.replace(old, new)


def to(after: str, before: str = POLICY) -> Transition:
    return classify(before, after)


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
    "line",
    [
        "Last updated: June 1, 2026",
        "Last updated: 5 May 2026",
        "Effective as of 1 June 2026 (previous version)",
        "These terms were last updated on June 1, 2026 and take effect on 1 July 2026.",
        "Letzte Aktualisierung: 1. Juni 2026",
        "Dernière mise à jour : 1er juin 2026",
        "Última actualización: 1 de junio de 2026",
        "最后更新日期：2026年6月1日",
    ],
)
def test_the_date_of_the_document_is_no_change(line: str) -> None:
    found = to(changed("Last updated: May 5, 2026", line))
    assert found.kind is Kind.DATES
    assert found.stated_after == stated(project(line)).day is not None
    assert not found.silent


def test_a_date_that_runs_into_a_sentence_is_still_the_documents() -> None:
    before = changed("May 5, 2026\n\nThese", "May 5, 2026These")
    found = to(before.replace("May 5", "June 1"), before)
    assert (found.kind, found.stated_after) == (Kind.DATES, date(2026, 6, 1))


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


@pytest.mark.parametrize(
    "after",
    [
        "[Home](https://h.example)\n\n[Pricing](https://h.example/p)\n\nProducts\n\n" + POLICY,
        "Skip to main content\n\n" + POLICY,
        "Legal\n\n" + POLICY,
        "If you live in Poland, click [here](https://h.example/pl).\n\n" + POLICY,
        POLICY + "\n\n[About](https://h.example/a)[Terms](https://h.example/t)[Cookie settings](#)\n",
        POLICY + "\n\n" + "\n\n".join(f"[{name}](https://h.example/{name})" for name in ("About", "Careers", "Press")),
        "English | Deutsch | Français\n\n" + POLICY,
        POLICY + "\n\n© 2026 Heron Ltd. All rights reserved.",
        POLICY + "\n\nWas this page helpful?\n\nclose",
        POLICY + "\n\nUpdated 5 days ago",
        POLICY + "\n\n12 of 15 people found this helpful",
        POLICY + "\n\n4 min read",
        POLICY + "\n\nTable of contents\n\n*   [1\\. Your account](#a)\n*   [Disputes](#c)\n",
        POLICY + "\n\nRelated articles\n----------------\n\n*   [How to reset a password](https://h.example/1)\n",
        POLICY
        + "\n\nCookie notice\n\nWe would like to use cookies to know you again. You can refuse.\n\nAccept all cookies",
        "[All pages](https://h.example)[Legal](https://h.example/l)Terms of Use\n\n" + POLICY,
    ],
)
def test_what_stands_around_the_text_is_furniture(after: str) -> None:
    found = to(after)
    assert found.kind is Kind.FURNITURE, found.added
    assert found.added and not found.removed
    assert to(POLICY, after).kind is Kind.FURNITURE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated: 5 days ago", "Updated: yesterday"),
        ("© 2025 Heron Ltd.", "© 2026 Heron Ltd."),
        ("Copyright 2025 Heron Ltd", "Copyright 2026 Heron Ltd"),
    ],
)
def test_counted_days_and_years_of_copyright_are_furniture(before: str, after: str) -> None:
    found = to(f"{POLICY}\n\n{after}\n", f"{POLICY}\n\n{before}\n")
    assert (found.kind, found.removed, found.added) == (Kind.FURNITURE, (before,), (after,))


@pytest.mark.parametrize("words", ["Search", "Register", "Sign up", "Play", "Create an account"])
def test_an_item_named_like_a_control_is_of_the_policy_unless_it_is_a_link(words: str) -> None:
    assert to(f"{POLICY}\n*   {words}\n").kind is Kind.SUBSTANTIVE
    assert to(f"{POLICY}\n*   [{words}](https://h.example/x)\n").kind is Kind.FURNITURE


def test_what_a_page_says_of_its_links_is_furniture() -> None:
    after = changed("write to us.", "write to us (opens in a new tab).")
    assert to(after).kind is to(POLICY, after).kind is Kind.FURNITURE


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


def test_a_change_under_the_same_date_is_silent() -> None:
    after = changed("in Dublin", "in Cork")
    assert to(after).silent
    assert not to(after.replace("May 5", "June 1")).silent
    undated = changed("Last updated: May 5, 2026\n\n", "")
    assert not to(undated.replace("in Dublin", "in Cork"), undated).silent
    assert not to(changed("a contract", "*a contract*")).silent


def test_a_second_page_with_a_new_date_makes_the_change_not_silent() -> None:
    joined = POLICY + "\n- - -\n\nUpdated: 1 March 2026\n\nWe log errors for a year.\n"
    found = to(joined.replace("1 March", "2 March").replace("a year", "two years"), joined)
    assert (found.kind, found.stated_before, found.stated_after) == (
        Kind.SUBSTANTIVE,
        date(2026, 5, 5),
        date(2026, 5, 5),
    )
    assert found.redated and not found.silent


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Effective May 5, 2026", date(2026, 5, 5)),
        ("Effective 5th of May 2026Previous Version", date(2026, 5, 5)),
        ("Published on 1 April 2026, effective from 5 May 2026.", date(2026, 5, 5)),
        ("Last updated: 5 May 2026. Effective: 1 June 2026.", date(2026, 5, 5)),
        ("Stand: 05.05.2026", date(2026, 5, 5)),
        ("Last updated: 2026-05-05", date(2026, 5, 5)),
        ("Last updated: 13/05/2026", date(2026, 5, 13)),
        ("Last updated: 05/06/2026", None),
        ("Last updated: May 2026", None),
        ("Last updated: 31 June 2026", None),
        ("Updated 5 days ago", None),
        ("From 5 May 2026 you pay more.", None),
    ],
)
def test_the_stated_date(words: str, day: date | None) -> None:
    assert stated(project(words)).day == day


@pytest.mark.parametrize(
    "words",
    [
        "Terms of Service",
        "You have 30 days",
        "These terms apply until 5 May 2026",
        "We charge from May 1, 2026",
        "",
        "2026",
    ],
)
def test_words_that_only_resemble_a_date_line(words: str) -> None:
    assert not is_date_line(words)


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


WORDS = POLICY.split(" ")
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
