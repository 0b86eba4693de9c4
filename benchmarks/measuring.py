"""How times are taken here: both sides in one run, alternating, the best of several rounds each, and only their
ratio is judged.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Ratio:
    """The cost of one thing in units of another: `measured` and `against` in seconds."""

    what: str
    measured: float
    against: float
    limit: float

    @property
    def value(self) -> float:
        return self.measured / self.against

    def row(self) -> tuple[str, str, str, str, str]:
        return (
            self.what,
            f"{self.measured * 1e3:.1f} ms",
            f"{self.against * 1e3:.1f} ms",
            f"{self.value:.2f}",
            f"{self.limit:g}",
        )


def compare(what: str, measured: Callable[[], object], against: Callable[[], object], *, limit: float) -> Ratio:
    """Times both alternately, so that a noisy machine disturbs both alike."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for index, run in enumerate((measured, against)):
            start = time.perf_counter()
            run()
            best[index] = min(best[index], time.perf_counter() - start)
    return Ratio(what, best[0], best[1], limit)
