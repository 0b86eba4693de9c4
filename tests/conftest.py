"""What all tests share: their own database server with the demo catalogue in it, an empty one on request, people in
their roles.
"""

import os
from collections.abc import Iterator

import dj_database_url
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection, connections

from conductatlas import postgres
from conductatlas.roles import ROLES, sync_roles
from platforms.models import Edition

# Playwright keeps an event loop in the tests' thread; Django would take every query beside it for one made inside a
# coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' own server: embedded, with a data folder of its own, unless DATABASE_URL names one. The demo data
    is never touched.
    """
    postgres.ensure_for_tests()
    server = dj_database_url.parse(os.environ["DATABASE_URL"])
    connections["default"].settings_dict.update(
        {key: server[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Every test finds the demo catalogue loaded; what a test writes is rolled back. With `--reuse-db` it stands from
    the last run.
    """
    with django_db_blocker.unblock():
        if not Edition.objects.exists():
            call_command("load_catalogue", "fixtures", verbosity=0)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A server thread that served the browser may still hold a connection: the database could not be dropped.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> None:
    """A hash that takes a fifth of a second protects people; in tests it only costs time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def empty(db: None) -> None:
    """A database without a catalogue, for one test: PostgreSQL rolls a TRUNCATE back like any other write."""
    tables = [
        model._meta.db_table for app in ("platforms", "clauses") for model in apps.get_app_config(app).get_models()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One person in each role, with the role's permissions: analyst, reviewer, editor."""
    sync_roles()
    found = {}
    for role in ROLES:
        user = User.objects.create_user(role, password=f"{role}-password", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        found[role] = user
    return found
