"""Writes that go round every model, as an operator with psql would make them."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

OURS = [model for app in ("platforms", "clauses") for model in apps.get_app_config(app).get_models()]


def raw(statement: str, parameters: list | None = None) -> None:
    """A write that goes round every model. Deferred constraints are asked at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, parameters or [])


def refused(statement: str, parameters: list | None = None, *, match: str) -> None:
    with pytest.raises(DatabaseError, match=match):
        raw(statement, parameters)
