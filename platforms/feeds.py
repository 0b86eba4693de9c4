"""Atom feeds of changes: all, those of a platform, those of a document.

An entry is a change that pages list. Its id is that of the record, for good; it is updated when an analyst reviews it
and when the document goes back to its words from before. The answer carries an ETag made from what it says, so that a
reader who has it already gets 304.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import quote_etag

from platforms.models import Change

MOST_ENTRIES = 100
NEWS_AFTER = 7  # days that words must have stood for their withdrawal to be news
# Control characters, non-characters, and the marks of direction that reach beyond the words they stand in.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ChangeFeed(Atom1Feed):
    """Atom 1.0 (RFC 4287) whose own date is that of its newest entry: the same changes make the same bytes."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=EPOCH)


def feed(request: HttpRequest, changes: Iterable[Change], *, title: str, path: str, subtitle: str) -> HttpResponse:
    """The feed of some changes, newest first; `path` is the page that it belongs to."""
    made = ChangeFeed(
        title=_clean(title),
        link=f"{settings.SITE_URL}{path}",
        description="",
        subtitle=_clean(subtitle),
        language="en-GB",
        feed_url=f"{settings.SITE_URL}{request.path}",
        feed_guid=_tag(request.path),
        author_name="ConductAtlas",
    )
    for change in changes:
        document = change.document
        made.add_item(
            title=_clean(f"{document.platform.name}, {document.title}: {change.headline}"),
            link=f"{settings.SITE_URL}{change.get_absolute_url()}",
            description=escape(_clean(_summary(change))),  # a feed's summary is HTML
            unique_id=_tag(f"/record/{change.record_id}"),
            pubdate=change.first_observed_at or change.recorded_at,
            updateddate=updated_at(change),
        )
    content = made.writeString("utf-8").encode()
    etag = quote_etag(sha256(content).hexdigest()[:32])
    response = HttpResponse(content, content_type=ChangeFeed.content_type)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


def updated_at(change: Change) -> datetime:
    """When there was last something new to say of a change: seen, reviewed, or withdrawn after it had stood a while."""
    moments = [change.first_observed_at or change.recorded_at, change.reviewed_at]
    if change.stood_days is not None and change.stood_days >= NEWS_AFTER:
        moments += [change.withdrawn_at, change.restored_at]
    return max(moment for moment in moments if moment)


def _summary(change: Change) -> str:
    said = [change.summary] if change.summary else []
    said.append(f"{change.get_kind_display()}, {change.get_review_display()}.".capitalize())
    if change.silent:
        said.append("The date that the document itself states stayed the same.")
    if change.is_withdrawn:
        said.append(f"Withdrawn on {change.withdrawn_at:%Y-%m-%d}: the document returned to its words from before.")
    if change.document.platform.invented:
        said.append("The platform is invented.")
    return " ".join(said)


def _clean(words: str) -> str:
    """Without the characters that XML cannot hold, and those that would turn the order of all that follows them."""
    return UNFIT.sub("", words)


def _tag(name: str) -> str:
    """A tag address (RFC 4151): it stays the same if the site moves to another scheme or port."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{name}"
