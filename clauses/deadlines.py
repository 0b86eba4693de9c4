"""Days that no calendar has, in deadlines as people write them (pure)."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date

_MONTHS = {name.casefold(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(rf"\b{_DAY}\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<month>{_MONTH})\.?\s+{_DAY},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
)


def impossible_day(text: str) -> str:
    """The first day in a text that does not exist, as it was written: "31 June 2026"; empty where there is none."""
    for pattern in _WRITTEN:
        for found in pattern.finditer(text):
            month = found["month"].casefold()
            try:
                date(int(found["year"]), _MONTHS.get(month) or int(month), int(found["day"]))
            except ValueError:
                return found[0]
    return ""
