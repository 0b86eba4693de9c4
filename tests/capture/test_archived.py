"""Copies of web archives: recognised by their address, dated by the archive, refused where they do not say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from platforms.capture.archived import fetch_archived, read_archived
from platforms.capture.fetching import Fetcher
from platforms.capture.responses import Failure, Fault, Response, Result, Stopped

from .pages import answer

RAW = "https://web.archive.org/web/20250829120301id_/https://pennowisk.example/terms?x=1"


class Archive(Fetcher):
    """Answers from a table instead of the web; the archive itself is not asked by tests."""

    def __init__(self, final: str, memento: str) -> None:
        super().__init__("ConductAtlas/1", "1")
        self.final, self.memento = final, memento
        self.fetched: list[str] = []

    def fetch(self, address: str, **given: str) -> Result:
        self.fetched.append(address)
        headers = (("memento-datetime", self.memento), ("content-type", "text/html"))
        return replace(answer("<p>Terms.</p>"), asked=address, final=self.final, headers=headers)


@pytest.mark.parametrize("mode", ["", "id_", "if_"])
def test_a_copy_is_asked_for_as_it_was(mode: str) -> None:
    copy = read_archived(f"http://web.archive.org/web/20250829120301{mode}/https://pennowisk.example/terms?x=1")
    assert (copy.raw, copy.original) == (RAW, "https://pennowisk.example/terms?x=1")
    assert copy.copied_at == datetime(2025, 8, 29, 12, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "https://archive.ph/AbCdE",
        "https://archive.today/2025/https://pennowisk.example/",
        "https://web.archive.org/web/2025/https://pennowisk.example/",
        "https://web.archive.org/web/20259929120301/https://pennowisk.example/",
        "https://web.archive.org/web/*/https://pennowisk.example/",
        "https://web.archive.org.evil.example/web/20250829120301/https://pennowisk.example/",
        "https://web.archive.org/web/20250829120301/file:///etc/passwd",
        "https://web.archive.org/web/20250829120301/https://user:word@pennowisk.example/",
        "https://pennowisk.example/terms",
        "",
    ],
)
def test_what_is_no_copy_is_refused(address: str) -> None:
    with pytest.raises(Stopped) as refused:
        read_archived(address)
    assert refused.value.fault is Fault.BAD_ADDRESS
    archive = Archive(RAW, "")
    result = fetch_archived(archive, address)
    assert isinstance(result, Failure)
    assert archive.fetched == []


def test_a_copy_has_the_date_of_the_archive() -> None:
    archive = Archive(RAW, "Fri, 29 Aug 2025 12:03:01 GMT")
    result = fetch_archived(archive, RAW.replace("id_", ""))
    assert isinstance(result, Response)
    assert archive.fetched == [RAW]
    assert result.original == "https://pennowisk.example/terms?x=1"
    assert result.copied_at == datetime(2025, 8, 29, 12, 3, 1, tzinfo=UTC)


def test_the_nearest_copy_has_its_own_date() -> None:
    nearest = RAW.replace("20250829120301", "20250830010000")
    result = fetch_archived(Archive(nearest, "Sat, 30 Aug 2025 01:00:00 GMT"), RAW)
    assert isinstance(result, Response)
    assert result.copied_at == datetime(2025, 8, 30, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("memento", ["", "soon", "Fri, 29 Aug 2025 12:03:02 GMT"])
def test_a_copy_whose_dates_do_not_agree_is_refused(memento: str) -> None:
    result = fetch_archived(Archive(RAW, memento), RAW)
    assert isinstance(result, Failure)
    assert result.fault is Fault.BAD_ANSWER
