"""Whatever is typed into the search box gives a page, and is shown as what it is: text."""

from urllib.parse import quote_from_bytes

import pytest
from django.test import Client

from clauses.asking import ask
from tests.pages.hostile import HOSTILE
from tests.pages.reading import page

pytestmark = pytest.mark.django_db
MORE = ("", "&in=clauses&page=2", "&exact=1&page=-1", "&in=passages&page=99999999999999")


@pytest.mark.parametrize("more", MORE)
def test_more_than_a_hundred_hostile_questions_give_a_page(client: Client, more: str) -> None:
    assert len(set(HOSTILE)) > 100
    for question in HOSTILE:
        response = client.get(f"/search/?q={quote_from_bytes(question)}{more}")
        assert response.status_code == 200, question
        assert b"<script>alert" not in response.content
        assert b"<img src=x" not in response.content
        assert b"\0" not in response.content


def test_they_give_suggestions_too_or_none(client: Client) -> None:
    for question in HOSTILE:
        asking = {"HX-Request": "true", "HX-Target": "suggestions"}
        response = client.get(f"/search/?q={quote_from_bytes(question)}", headers=asking)
        assert response.status_code == 200, question
        assert b"<html" not in response.content
        assert b"<script" not in response.content


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "jasper & <b>"])
def test_a_question_is_shown_as_it_was_typed(client: Client, question: str) -> None:
    shown = page(client.get("/search/", {"q": question}))
    assert shown.find(".//input[@id='q']").get("value") == ask(question).text
    assert shown.find(".//main//script") is None
    assert shown.find(".//main//img") is None
