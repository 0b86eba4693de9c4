"""A small invented collection, a record a day, and what an import makes of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from conductatlas import actors
from platforms.actions import save_jurisdiction
from platforms.models import Document, Jurisdiction, Transition
from platforms.terms.importing import Plan, Summary, import_terms
from platforms.terms.placing import Edition
from platforms.terms.repository import open_repository

from .conftest import Making
from .stored import stored

START = 1_750_000_000  # 2025-06-15, seconds since 1970
DAY = 86_400
WHEN_IT_WAS_SEEN = frozenset({"versions", "verdicts", "checks"})  # what depends on the order of arrival

SENTENCES = [
    "These terms are an agreement between you and the company that runs the service.",
    "By using the service you accept these terms and the policies that are named in them.",
    "You must be at least sixteen years old, or as old as the law of your country asks.",
    "We may store what you write in order to give you the service that you asked for.",
    "You keep all rights in what you write, and you decide who else may see it.",
    "You may delete your account at any time in the settings, without giving a reason.",
    "We answer requests about your personal data within thirty days after they arrive.",
    "The service is provided as it is, and we do not promise that it is free of errors.",
]


def policy(*sentences: str, heading: str = "Terms of Service") -> str:
    """A plausible text with these sentences after those that stand in all of them."""
    return "\n\n".join([f"# {heading}", *SENTENCES, *sentences]) + "\n"


FIRST = policy("We keep what you write for one year.")
SECOND = policy("We keep what you write for ten years.", "We may sell it to our partners.")


def imported(
    where: object, *, collection: str = "small", market: Jurisdiction | None = None, language: str = "en", **plan
) -> Summary:
    with open_repository(str(where)) as repository:
        return import_terms(repository, Plan(Edition(collection, market, language), **plan), by=actors.machine())


def ask(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def market(code: str) -> Jurisdiction:
    return save_jurisdiction(Jurisdiction(code=code, name=f"Market {code}"), by=actors.catalogue())


def recorded(making: Making, *texts: str | None, path: str = "Acme/Terms of Service.md", at: int = START) -> None:
    """A record a day of one document; None: deleted."""
    for day, text in enumerate(texts):
        making.commit(f"Record new changes of {path.removesuffix('.md')}", {path: text}, at + day * DAY)


def kinds(document: Document) -> list[str]:
    rows = Transition.objects.filter(version__document=document).order_by("version__snapshot__captured_at")
    return list(rows.values_list("kind", flat=True))


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def same_in_parts(where: object, since: date, **plan) -> Counter[str]:
    """Imports the whole; then, in its place, what is new since a day, and the whole afterwards. Both leave the same;
    what the first part held is counted.
    """
    with rolled_back():
        imported(where, **plan)
        whole = stored(ask, without=WHEN_IT_WAS_SEEN)
    part = imported(where, since=since, **plan).counts
    rest = imported(where, **plan).counts
    parts = stored(ask, without=WHEN_IT_WAS_SEEN)
    assert part["texts"] + rest["texts"] == len(parts["texts"])
    for name, rows in whole.items():
        assert parts[name] == rows, name
    return part
