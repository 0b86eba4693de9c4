"""Which of many names a text resembles, by groups of three letters, counted as PostgreSQL's pg_trgm does (pure)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")


def trigrams(text: str) -> frozenset[str]:
    """The groups of three letters of its words in lowercase, each word with two blanks before it and one behind."""
    found: set[str] = set()
    for word in WORD.findall(text.lower()):
        padded = f"  {word} "
        found.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return frozenset(found)


class Alike:
    """Texts that are looked through for those like another one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = sorted(set(texts))
        self._sizes: list[int] = []
        self._holding: defaultdict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(self._texts):
            groups = trigrams(text)
            self._sizes.append(len(groups))
            for group in groups:
                self._holding[group].append(place)

    def to(self, text: str, *, least: float) -> list[tuple[str, float]]:
        """Those with a likeness (0 to 1: groups in both among groups in either) of `least` or more, likest first."""
        asked = trigrams(text)
        shared = Counter(place for group in asked for place in self._holding.get(group, ()))
        found = [
            (self._texts[place], likeness)
            for place, both in shared.items()
            if (likeness := both / (len(asked) + self._sizes[place] - both)) >= least
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))
