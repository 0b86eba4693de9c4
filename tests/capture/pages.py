"""Invented pages and the answers that bring them."""

from datetime import UTC, datetime

from platforms.capture.extracting import Extraction, Unreadable, extract
from platforms.capture.responses import Response, Tool

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADDRESS = "https://pennowisk.example/legal/terms"


def answer(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> Response:
    data = body.encode() if isinstance(body, str) else body
    return Response(ADDRESS, ADDRESS, (), 200, (("content-type", content_type),), data, AT, 0.1, Tool("test", "1"))


def page(inner: str, *, head: str = "") -> str:
    return f"<!doctype html><html><head><title>Terms</title>{head}</head><body>{inner}</body></html>"


def read(inner: str, **given: str) -> Extraction:
    """What the body of a page says."""
    found = extract(answer(page(inner)), **given)
    assert isinstance(found, Extraction), found
    return found


def refused(body: str | bytes, content_type: str = "text/html; charset=utf-8", **given: str) -> Unreadable:
    found = extract(answer(body, content_type), **given)
    assert isinstance(found, Unreadable), found
    assert found.reason.endswith(".")
    assert "\n" not in found.reason
    return found
