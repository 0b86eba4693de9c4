"""Likeness is counted as PostgreSQL counts it, and nothing alike is missed."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.alike import Alike, trigrams

# Which letters beyond ASCII are letters depends on the locale of the database.
WORDS = st.text(st.sampled_from("abcd ABCD1-'"), min_size=1, max_size=14)


@pytest.mark.django_db
@settings(max_examples=150)
@given(asked=WORDS, names=st.lists(WORDS, min_size=1, max_size=6))
def test_likeness_is_that_of_pg_trgm(asked: str, names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, similarity(lower(name), lower(%s)) FROM unnest(%s::text[]) AS name", [asked, names]
        )
        theirs = {name: likeness for name, likeness in cursor.fetchall() if likeness >= 0.3}
    ours = dict(Alike(names).to(asked, least=0.3))
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_the_likest_comes_first_and_nothing_is_like_nothing() -> None:
    names = Alike(["jasper ai", "jasper", "casper"])
    assert [name for name, _ in names.to("jasper", least=0.1)] == ["jasper", "jasper ai", "casper"]
    assert names.to("jasper", least=0.99) == [("jasper", 1.0)]
    assert names.to("???", least=0.1) == []
    assert trigrams("Ab") == {"  a", " ab", "ab "}
