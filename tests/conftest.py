"""What all tests share: their own database server with the demo catalogue in it, an empty one on request, people in
their roles.
"""

import gc
import os
from collections.abc import Iterator

import dj_database_url
import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection, connections

from conductatlas import postgres
from conductatlas.roles import ROLES, sync_roles
from platforms.models import Edition
from tests.databases import Shared, drop_empty, keep_empty, shared_of

# Playwright keeps an event loop in the tests' thread; Django would take every query beside it for one made inside a
# coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# No test is timed: a busy machine would fail it.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests first: at the end there are only short ones left to share out among the workers. And first of all
    those without a database, while another worker fills one.
    """

    def place(item: pytest.Item) -> tuple[bool, bool]:
        return item.get_closest_marker("slow") is None, needs_database(item)

    items.sort(key=place)


def needs_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or "django_db_setup" in getattr(item, "fixturenames", ())


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: looking through it for garbage over and over took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shared | None:
    """What the workers of this run share; with `--reuse-db` each keeps its own."""
    return None if request.config.getvalue("reuse_db") else shared_of(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, shared: Shared | None, django_db_blocker
) -> None:
    """The tests' own server: embedded, with a data folder of its own, unless DATABASE_URL names one. The demo data
    is never touched.
    """
    postgres.ensure_for_tests()
    server = dj_database_url.parse(os.environ["DATABASE_URL"])
    connections["default"].settings_dict.update(
        {key: server[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    )
    if shared:
        with django_db_blocker.unblock():
            shared.take()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, shared: Shared | None, django_db_blocker
) -> Iterator[None]:
    """Every test finds the demo catalogue loaded and the roles made; what a test writes is rolled back. With
    `--reuse-db` it stands from the last run.
    """
    with django_db_blocker.unblock():
        if not Edition.objects.exists():
            keep_empty()
            call_command("load_catalogue", "fixtures", verbosity=0)
        sync_roles()
        if shared:
            shared.give()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A server thread that served the browser may still hold a connection: the database could not be dropped.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if not request.config.getvalue("reuse_db"):
            drop_empty()
        if shared:
            shared.drop()


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> None:
    """A hash that takes a fifth of a second protects people; in tests it only costs time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def static_files_found_when_asked_for() -> None:
    """Each test's client builds the middleware anew, and WhiteNoise would list all static files each time."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def empty(db: None) -> None:
    """A database without a catalogue, for one test. The few rows go one by one, without the triggers that keep them:
    to give each of the tables new files, as TRUNCATE does, takes five times as long.
    """
    tables = [
        model._meta.db_table
        for app in ("platforms", "clauses")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One person in each role, with the role's permissions: analyst, reviewer, editor."""
    found = {}
    for role in ROLES:
        user = User.objects.create_user(role, password=f"{role}-password", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        found[role] = user
    return found
