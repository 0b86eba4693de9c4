"""The severity rubric: its arithmetic, its caps, and what it refuses."""

from itertools import product

import pytest

from clauses.rubric import FACTOR_KEYS, FACTORS, THRESHOLDS, SeverityLevel, assess, level_of

JASPER = {"rights_affected": 2, "opt_out": 1, "breadth": 3, "exposure": 2, "discretion": 2}


def test_the_published_factors() -> None:
    assert FACTOR_KEYS == ("rights_affected", "opt_out", "breadth", "exposure", "discretion")
    for factor in FACTORS:
        assert len(factor.levels) == 4 == len(set(factor.levels))
        assert factor.question.endswith("?") and factor.name


@pytest.mark.parametrize(
    ("total", "level"), [(0, "low"), (5, "low"), (6, "medium"), (9, "medium"), (10, "high"), (15, "high")]
)
def test_the_edges_of_the_levels(total: int, level: str) -> None:
    assert level_of(total) == level


@pytest.mark.parametrize("total", [-1, 16])
def test_a_sum_that_cannot_be(total: int) -> None:
    with pytest.raises(ValueError, match="outside 0 to 15"):
        level_of(total)


def test_the_arithmetic_is_shown() -> None:
    severity = assess(JASPER, confidence="medium", basis="stated")
    assert (severity.level, severity.total, severity.uncapped, severity.cap_reason) == ("high", 10, "high", "")
    assert [row.score for row in severity.rows] == [2, 1, 3, 2, 2]
    assert severity.rows[2].meaning == "Everyone, by default"


@pytest.mark.parametrize(
    ("confidence", "basis", "reason"),
    [
        ("low", "stated", "At most medium, because our confidence is low"),
        ("high", "inferred", "At most medium, because the basis is inferred"),
        ("low", "inferred", "At most medium, because our confidence is low and the basis is inferred"),
    ],
)
def test_doubt_caps_the_level(confidence: str, basis: str, reason: str) -> None:
    severity = assess(JASPER, confidence=confidence, basis=basis)
    assert (severity.level, severity.uncapped, severity.total) == ("medium", "high", 10)
    assert severity.cap_reason == reason


def test_a_cap_that_changes_nothing_gives_no_reason() -> None:
    severity = assess(dict.fromkeys(FACTOR_KEYS, 1), confidence="low", basis="inferred")
    assert (severity.level, severity.cap_reason) == ("low", "")


def test_every_set_of_scores_adds_up() -> None:
    smallest = dict(THRESHOLDS)
    for scores in product(range(4), repeat=5):
        severity = assess(dict(zip(FACTOR_KEYS, scores, strict=True)), confidence="high", basis="stated")
        assert severity.total == sum(row.score for row in severity.rows) == sum(scores)
        assert severity.level == severity.uncapped
        assert (severity.total >= smallest[SeverityLevel.HIGH]) == (severity.level == "high")
        assert (severity.total < smallest[SeverityLevel.MEDIUM]) == (severity.level == "low")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"opt_out": 4}, "opt_out is scored 4"),
        ({"breadth": -1}, "breadth is scored -1"),
        ({"exposure": True}, "exposure is scored True"),
        ({"discretion": None}, "discretion is scored None"),
        ({"fairness": 1}, "fairness is no factor"),
    ],
)
def test_wrong_scores_are_named(change: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        assess(JASPER | change, confidence="high", basis="stated")


def test_a_missing_score_is_named() -> None:
    with pytest.raises(ValueError, match="exposure has no score"):
        assess({key: 1 for key in FACTOR_KEYS if key != "exposure"}, confidence="high", basis="stated")


@pytest.mark.parametrize(("confidence", "basis"), [("sure", "stated"), ("high", "guessed")])
def test_unknown_words_are_refused(confidence: str, basis: str) -> None:
    with pytest.raises(ValueError, match=r"'(sure|guessed)' is no (confidence|basis): use "):
        assess(JASPER, confidence=confidence, basis=basis)
