"""What robots.txt allows, as RFC 9309 says: a missing file allows all, a failing server nothing for now."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from platforms.capture.responses import Failure, Fault, Result

PRODUCT = "ConductAtlas"  # the name that robots.txt calls us by
LIMIT = 512_000  # bytes of it that are read
_MISSING = "User-agent: *\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class Rules:
    """The robots.txt of one host: `closed` is why nothing there may be asked now, else None."""

    rules: Protego
    closed: Failure | None = None

    def allows(self, address: str) -> bool:
        return bool(self.rules.can_fetch(address, PRODUCT))

    @property
    def pause(self) -> float:
        """Seconds that the host wants between two requests."""
        return float(self.rules.crawl_delay(PRODUCT) or 0.0)


def address_of(address: str) -> str:
    """Where the robots.txt of an address stands."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def rules_of(result: Result) -> Rules:
    """The rules that an answer for robots.txt gives. Only the first 512,000 bytes are read; bad lines are skipped."""
    if not isinstance(result, Failure):
        return Rules(Protego.parse(result.body[:LIMIT].decode("utf-8", "replace").removeprefix("\ufeff")))
    told_no = result.fault is Fault.HTTP_ERROR and 400 <= result.status < 500
    if told_no or result.fault in {Fault.TOO_MANY_REDIRECTS, Fault.TOO_LARGE}:
        return Rules(Protego.parse(_MISSING))
    return Rules(Protego.parse(_MISSING), closed=result)
