"""The severity of scores that are still being given."""

from itertools import product

import pytest

from clauses.rubric import FACTOR_KEYS, assess
from clauses.scoring import scored
from clauses.sentences import basis

PROSE = {"what_it_is": "A. [1]", "why_it_matters": "B. [1]", "what_this_means": "C. [2]"}
INFERRED = PROSE | {"what_it_is": "A. [~]"}


@pytest.mark.parametrize("confidence", ["high", "medium", "low"])
@pytest.mark.parametrize("prose", [PROSE, INFERRED])
def test_whole_scores_are_what_the_rubric_says(confidence, prose):
    for score in range(4):
        given = dict.fromkeys(FACTOR_KEYS, score)
        found = scored(given, confidence=confidence, prose=prose)
        assert found.severity == assess(given, confidence=confidence, basis=basis(**prose))
        assert found.least == found.most == found.severity.level
        assert bool(found.capped) == (found.severity.level != found.severity.uncapped)


def test_what_is_missing_bounds_the_level():
    for some in product([None, 0, 3], repeat=len(FACTOR_KEYS)):
        given = dict(zip(FACTOR_KEYS, some, strict=True))
        found = scored(given, confidence="high", prose=PROSE)
        assert (found.severity is None) == (None in some)
        filled = [{key: end if score is None else score for key, score in given.items()} for end in (0, 3)]
        ends = [scored(scores, confidence="high", prose=PROSE).severity for scores in filled]
        assert [found.least, found.most] == [severity.level for severity in ends if severity]


def test_what_may_still_cap_it_is_said_only_where_it_would():
    high, low = dict.fromkeys(FACTOR_KEYS, 3), dict.fromkeys(FACTOR_KEYS, 0)
    empty = dict.fromkeys(PROSE, "")
    assert scored(high, confidence="", prose=empty).open
    assert "confidence" in scored(high, confidence="", prose=PROSE).open
    assert "inference" in scored(high, confidence="high", prose=empty).open
    assert scored(high, confidence="high", prose=PROSE).open == ""
    assert scored(low, confidence="", prose=empty).open == ""
    assert scored(high, confidence="low", prose=empty).open == "", "the cap is there already"
