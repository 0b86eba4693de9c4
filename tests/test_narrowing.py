"""Filters in an address: one spelling for one list, and words for what nobody can read."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.cursors import BrokenCursor, keys_of, token
from clauses.narrowing import FILTERS, LONGEST_SHOWN, Narrowing, read

KNOWN = {name: {f"{name}-{number}" for number in range(3)} for name in FILTERS}
INVENTED = {"platform-2"}


def asked(query: str):
    return read(query, KNOWN, invented=INVENTED)


def test_two_spellings_are_one_list() -> None:
    one = asked("severity=severity-1&type=type-0&severity=severity-0&type=type-0&changed=2026-02-01&sort=strongest")
    other = asked("type=type-0&changed=2026-02-01&severity=SEVERITY-0&severity=severity-1&law=&utm_source=elsewhere")
    assert one == other
    assert one.narrowing.query == "type=type-0&severity=severity-0&severity=severity-1&changed=2026-02-01"
    assert (one.narrowing.values, one.misread) == (4, ())


@given(
    st.dictionaries(st.sampled_from(FILTERS), st.sets(st.sampled_from([0, 1]), min_size=1)),
    st.none() | st.dates(),
    st.booleans(),
    st.sampled_from(["strongest", "platform", "newest", "changed"]),
)
def test_the_canonical_query_is_read_back_as_the_same_list(chosen, since, invented, sort) -> None:
    narrowing = Narrowing(
        tuple((name, tuple(f"{name}-{n}" for n in sorted(chosen[name]))) for name in FILTERS if name in chosen),
        since,
        invented,
        sort,
    )
    again = asked(narrowing.query)
    assert again.narrowing == narrowing
    assert again.misread == ()
    for name, values in narrowing.chosen:
        for value in values:
            less = narrowing.without(name, value)
            assert less.values == narrowing.values - 1
            assert value not in less.of(name)


@given(st.text(max_size=300))
def test_nothing_that_can_be_typed_breaks_it(query: str) -> None:
    found = asked(query)
    assert all(len(wrong.value) <= LONGEST_SHOWN for wrong in found.misread)
    assert asked(found.narrowing.query).narrowing == found.narrowing


@pytest.mark.parametrize("day", ["2026-02-31", "20260201", "yesterday", "2026-2-1", "2026-W05-1", "٢٠٢٦-٠١-٠١", "0"])
def test_what_is_no_date_is_named(day: str) -> None:
    found = asked(f"changed={day}&type=type-1")
    assert [(wrong.name, wrong.value) for wrong in found.misread] == [("changed", day)]
    assert found.narrowing == Narrowing((("type", ("type-1",)),))


def test_of_several_dates_the_earliest_counts() -> None:
    assert asked("changed=2026-03-01&changed=2026-01-01").narrowing.since == date(2026, 1, 1)


def test_unknown_values_are_named_once_and_the_rest_counts() -> None:
    found = asked("&".join(["sector=" + "x" * 500] * 2_000) + "&sector=sector-1&proof=a%00b&sort=best&invented=2")
    assert found.narrowing == Narrowing((("sector", ("sector-1",)),))
    assert [wrong.name for wrong in found.misread] == ["sector", "proof", "invented", "sort"]
    assert found.misread[1].value == "a\ufffdb"


def test_invented_platforms_never_stand_among_real_ones() -> None:
    assert asked("platform=platform-2").narrowing == Narrowing((("platform", ("platform-2",)),), invented=True)
    mixed = asked("platform=platform-2&platform=platform-1")
    assert mixed.narrowing == Narrowing((("platform", ("platform-1",)),))
    assert [wrong.value for wrong in mixed.misread] == ["platform-2"]
    assert asked("platform=platform-2").narrowing.without("invented", "1") == Narrowing()


KEYS = [3, "a\u2028b", datetime(2026, 1, 31, 12, tzinfo=UTC), 7]
KINDS = [int, str, datetime, int]


def test_a_token_gives_its_keys_back() -> None:
    assert keys_of(token("newest", KEYS), "newest", KINDS) == KEYS


@pytest.mark.parametrize(
    "broken",
    [
        *("x", "é", "AAAA", "=" * 9, "W" * 3_000, token("other", KEYS), token("newest", KEYS[:3])),
        *(token("newest", [*KEYS[:3], worse]) for worse in (2**63, "7", -(2**70))),
        token("newest", [3, "a\0b", *KEYS[2:]]),
        token("newest", [3, "a", datetime(2026, 1, 31), 7]),
        "WyJuZXdlc3QiLDMsIlx1ZDgwMCIsIjIwMjYtMDEtMzFUMTI6MDA6MDArMDA6MDAiLDdd",  # half a surrogate pair
        "WyJuZXdlc3QiLHRydWUsImEiLCIyMDI2LTAxLTMxVDEyOjAwOjAwKzAwOjAwIiw3XQ",  # true is no number
    ],
)
def test_a_token_of_somebody_else_is_refused(broken: str) -> None:
    with pytest.raises(BrokenCursor):
        keys_of(broken, "newest", KINDS)


@given(st.text(max_size=200))
def test_no_token_breaks_it(broken: str) -> None:
    try:
        keys_of(broken, "newest", KINDS)
    except BrokenCursor:
        return
    raise AssertionError(f"{broken!r} was taken for a token")
