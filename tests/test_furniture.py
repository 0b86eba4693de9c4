"""Furniture is what stands around a text: menus, notices, counted days, controls."""

import pytest

from platforms.changes import Kind

from .amended import POLICY, changed, to


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
