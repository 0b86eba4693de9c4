"""Two captures of one document at the same moment, each in a connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from conductatlas import actors
from platforms.actions import captures
from platforms.models import Check, Document
from tests.databases import empty_database
from tests.factories import a_document
from tests.terms.stored import database

from .pages import answer
from .test_capturing import policy


@pytest.fixture
def committing(db: None) -> Iterator[None]:
    """New connections go to a database of their own, whose writes stay: what one does not commit, others never see. (A
    test that committed to the database of all tests would have to empty it afterwards.)
    """
    ours = connection.settings_dict["NAME"]
    with database(f"{ours}_own", like=empty_database()) as made:
        connection.settings_dict["NAME"] = made.name
        try:
            yield
        finally:
            connection.settings_dict["NAME"] = ours


@pytest.mark.usefixtures("committing")
def test_two_captures_at_once_keep_one_text() -> None:
    together = Barrier(2)

    def elsewhere(function: Callable, *arguments: object) -> Any:
        """In another thread, so in another connection."""
        try:
            return function(*arguments)
        finally:
            connection.close()

    def keep(document: Document, second: int) -> str:
        result = replace(answer(policy()), fetched_at=datetime(2026, 11, 21, 9, 0, second, tzinfo=UTC))
        machine = actors.machine()
        together.wait(10)
        return str(captures.record_capture(document=document, result=result, by=machine).outcome)

    def kept(document: Document) -> tuple[int, int]:
        return document.versions.earliest("number").number, Check.objects.filter(document=document).count()

    with ThreadPoolExecutor(2) as pool:
        document = pool.submit(elsewhere, lambda: a_document(title="Privacy Policy", kind="privacy_policy")).result()
        outcomes = list(pool.map(lambda second: elsewhere(keep, document, second), (1, 2)))
        assert "new_text" in outcomes
        assert pool.submit(elsewhere, kept, document).result() == (1, 2)
