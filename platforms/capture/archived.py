"""Copies that web archives keep: which page, of which moment; both are told by the copy's address.

The Internet Archive gives the bytes as they were captured (`id_`) and says in a header when that was. Archives that
rewrite pages (archive.ph and its other names) keep no such bytes: their copies are refused with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from platforms.capture.fetching import Fetcher
from platforms.capture.guarding import read
from platforms.capture.responses import Failure, Fault, Response, Result, Stopped

_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(\d{14})([a-z]{2}_)?/(\S+)", re.IGNORECASE)
_REWRITING = re.compile(r"https?://(?:www\.)?archive\.(?:ph|is|today|md|li|vn|fo)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in a web archive: `raw` is the address of its bytes, `copied_at` the archive's time (UTC)."""

    raw: str
    original: str
    copied_at: datetime


def read_archived(address: str) -> Copy:
    """What an archive's address says. Raises Stopped when the copy cannot be taken, with the way out."""
    if _REWRITING.match(address.strip()):
        raise Stopped(
            Fault.BAD_ADDRESS,
            f"{address} is a rewritten copy, not the page as it was: give a web.archive.org address of the same page.",
        )
    match = _WAYBACK.fullmatch(address.strip())
    if not match:
        raise Stopped(
            Fault.BAD_ADDRESS,
            f"{address} is no copy that can be taken: it must read"
            " https://web.archive.org/web/<14 digits>/<address of the page>.",
        )
    try:
        moment = datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise Stopped(Fault.BAD_ADDRESS, f"{address} names no moment: {match[1]} is no date and time.") from error
    original = match[3] if "://" in match[3] else f"http://{match[3]}"
    read(original)
    return Copy(f"https://web.archive.org/web/{match[1]}id_/{original}", original, moment)


def fetch_archived(fetcher: Fetcher, address: str) -> Result:
    """The bytes of an archive's copy, with the archive's time and the page's own address.

    The archive may lead on to the copy nearest in time; what counts is the copy that came in the end, and its header
    has to name the same moment as its address.
    """
    try:
        copy = read_archived(address)
    except Stopped as stopped:
        return Failure(address, stopped.fault, stopped.reason, datetime.now(UTC), 0.0, fetcher.tool)
    result = fetcher.fetch(copy.raw)
    if isinstance(result, Failure):
        return result
    try:
        return _dated(result)
    except Stopped as stopped:
        return Failure(
            address,
            stopped.fault,
            stopped.reason,
            result.fetched_at,
            result.elapsed,
            result.tool,
            result.final,
            result.hops,
            result.status,
            result.headers,
        )


def _dated(response: Response) -> Response:
    copy = read_archived(response.final)
    told = response.header("Memento-Datetime")
    try:
        moment = parsedate_to_datetime(told)
    except ValueError as error:
        reason = f"{response.final} does not say when it was captured (Memento-Datetime: {told or 'missing'})."
        raise Stopped(Fault.BAD_ANSWER, reason) from error
    if moment.replace(tzinfo=moment.tzinfo or UTC) != copy.copied_at:
        raise Stopped(Fault.BAD_ANSWER, f"{response.final} says that it was captured on {told}: the two do not agree.")
    return replace(response, original=copy.original, copied_at=copy.copied_at)
