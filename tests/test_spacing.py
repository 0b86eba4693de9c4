"""Texts that differ in their white space alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.spacing import same_but_for_spacing


@given(st.text("a b\n\u00a0", max_size=12), st.text("a b\n\u00a0", max_size=12))
def test_is_what_the_words_without_blanks_say(old, new):
    assert same_but_for_spacing(old, new) == ("".join(old.split()) == "".join(new.split()))


@pytest.mark.parametrize(
    ("old", "new", "same"), [("", "", True), ("a", "", False), ("a  b", "ab", True), ("ab", "ba", False)]
)
def test_examples(old, new, same):
    assert same_but_for_spacing(old, new) is same
