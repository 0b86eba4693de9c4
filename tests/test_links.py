"""`check_links`: what answers is dated, what does not is said."""

from datetime import date

import httpx
import pytest

from clauses.links import ask, check, links_of
from clauses.models import Agency, Regulation

TODAY = date(2026, 11, 21)


def answering(*, broken: frozenset[str] = frozenset()) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        if str(request.url) in broken:
            return httpx.Response(404)
        if request.url.host == "silent.example":
            raise httpx.ConnectTimeout("timed out")
        return httpx.Response(200)

    return httpx.MockTransport(answer)


@pytest.mark.django_db
def test_an_agency_whose_addresses_answer_is_dated() -> None:
    agency = Agency.objects.get(slug="ftc")
    assert agency.checked_on is None
    answers = list(check([agency], today=TODAY, transport=answering()))
    assert {answer.link.url for answer in answers} >= {agency.complaint_url}
    agency.refresh_from_db()
    assert agency.checked_on == TODAY


@pytest.mark.django_db
def test_one_address_that_fails_leaves_the_agency_undated() -> None:
    agency = Agency.objects.get(slug="ftc")
    answers = list(check([agency], today=TODAY, transport=answering(broken=frozenset({agency.complaint_url}))))
    failed = [answer for answer in answers if not answer.ok]
    assert [answer.detail for answer in failed] == ["HTTP 404"]
    agency.refresh_from_db()
    assert agency.checked_on is None


@pytest.mark.django_db
def test_laws_are_asked_too() -> None:
    law = Regulation.objects.get(slug="gdpr")
    assert [link.kind for link in links_of(law)] == ["official address"]
    assert [answer.ok for answer in check([law], today=TODAY, transport=answering())] == [True]


def test_an_address_that_cannot_be_reached_is_named_with_the_reason() -> None:
    agency = Agency(slug="x", complaint_url="https://silent.example/complain")
    [link] = links_of(agency)
    with httpx.Client(transport=answering()) as client:
        answer = ask(client, link)
    assert not answer.ok
    assert answer.detail == "no answer: timed out"
