"""Reads pages of one database, as a program of its own: `python -m benchmarks.reader`, with DATABASE_URL.

It answers a line of JSON with a line of JSON. {"size": true}: how many clauses there are. {"choose": true}: addresses
of the pages to be read; {"desk": true}: of those of the admin, read by a person who is gone afterwards.
{"read": address, "cold": …, "count": …}: the seconds that the server takes, with an empty cache where it is to be cold;
or how many queries it makes. {"explain": address}: the plans of the queries that take longest.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

NEXT = re.compile(r'href="([^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"')
CLAUSES = 5  # pages of each kind that are read: no two clauses are alike
SLOW = 0.010  # seconds from which the plan of a query is shown


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conductatlas.settings")
    import django

    django.setup()
    for line in sys.stdin:
        print(json.dumps(_answer(**json.loads(line))), flush=True)


def _answer(
    *,
    size: bool = False,
    choose: bool = False,
    desk: bool = False,
    read: str = "",
    explain: str = "",
    cold: bool = False,
    count: bool = False,
) -> Any:
    if size:
        from clauses.models import Provision

        return Provision.objects.count()
    if choose:
        return {kind: list(addresses) for kind, addresses in _addresses()}
    if desk:
        from benchmarks.desk_pages import addresses

        _signed_in()  # from here on nothing is committed
        return {kind: list(found) for kind, found in addresses()}
    if explain:
        return _slow(explain)
    return _queries(read) if count else _seconds(read, cold=cold)


def _get(address: str) -> str:
    response = (_signed_in() if address.startswith("/admin/") else _visitor()).get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answers {response.status_code}: a benchmark needs its page.")
    return response.content.decode()


@cache
def _visitor() -> Any:
    """One for all pages: each new client would load the middleware anew, which a server does once. And no test
    environment around it, which would copy what each template is given.
    """
    from django.test import Client

    return Client(SERVER_NAME="localhost")


@cache
def _signed_in() -> Any:
    """The browser of somebody who may do all; nothing of it is ever committed."""
    from django.contrib.auth.models import User
    from django.db import transaction
    from django.test import Client

    transaction.set_autocommit(False)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser(f"bench-{os.getpid()}"))
    return client


def _seconds(address: str, *, cold: bool) -> float:
    if cold:
        _forget()
    start = time.perf_counter()
    _get(address)
    return time.perf_counter() - start


def _forget() -> None:
    from django.core.cache import cache

    from platforms.editions import forget

    cache.clear()
    forget()


def _captured(address: str) -> list[dict[str, str]]:
    """The queries of a page whose caches are filled."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _get(address)
    with CaptureQueriesContext(connection) as captured:
        _get(address)
    return captured.captured_queries


def _queries(address: str) -> int:
    return len(_captured(address))


def _slow(address: str) -> list[str]:
    """Each query of a page, its caches empty, that takes long: with its plan."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _get(address)
    _forget()
    with CaptureQueriesContext(connection) as captured:
        _get(address)
    found = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            if float(query["time"]) >= SLOW and query["sql"].startswith(("SELECT", "WITH", "(")):
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query['sql'].replace('%', '%%')}", [])
                plan = "\n".join(row[0] for row in cursor.fetchall())
                found.append(f"{address}: {query['time']} s\n{query['sql']}\n{plan}")
    return found


def _addresses() -> Iterator[tuple[str, Iterator[str]]]:
    """Of each kind of page some addresses, chosen in the same way whatever the size of the catalogue."""
    from django.db.models import Count

    from clauses.models import ClauseType, ComparedClause, RegistryEntry
    from platforms.models import Platform

    usual = Platform.objects.annotate(held=Count("documents__provisions")).filter(held__range=(25, 35)).order_by("slug")
    platforms = list(usual[:CLAUSES])
    kind = ClauseType.objects.annotate(held=Count("provisions")).order_by("-held").first()
    clauses = RegistryEntry.objects.filter(clause_type=kind, proof="exact").select_related(
        "provision__document__platform"
    )
    yield "clause page", (row.provision.get_absolute_url() for row in clauses.order_by("platform__slug")[:CLAUSES])
    yield "type page", iter([kind.get_absolute_url()])
    homes = ComparedClause.objects.filter(clause_type=kind).order_by("platforms__0").values_list("platforms__0")
    slugs = Platform.objects.filter(pk__in=homes).order_by("slug").values_list("slug", flat=True)[:6]
    yield "matrix", iter([f"/compare/{kind.slug}/?{'&'.join(f'p={slug}' for slug in slugs)}"])
    yield "platform page", (row.get_absolute_url() for row in platforms)
    yield "document page", (row.documents.order_by("slug")[0].get_absolute_url() for row in platforms)
    yield "agency page", iter(["/agencies/ftc/"])
    yield "law page", iter(["/regulations/gdpr/"])
    yield "home page", iter(["/"])
    lists = {
        "registry, all": "/clauses/",
        "registry, one type": f"/clauses/?type={kind.slug}",
        "registry, narrow": "/clauses/?severity=high&market=us&kind=privacy_policy&law=gdpr",
        "registry, by change": "/clauses/?sort=changed",
        "registry, by platform": "/clauses/?severity=medium&sort=platform",
    }
    for name, address in lists.items():
        yield name, iter([address])
    yield "registry, page 3", iter([_page_after(_page_after("/clauses/"))])


def _page_after(address: str) -> str:
    found = NEXT.search(_get(address))
    if found is None:
        raise SystemExit(f"{address} has no next page: the catalogue is too small for this benchmark.")
    from html import unescape
    from urllib.parse import urljoin

    return urljoin(address, unescape(found[1] or found[2]))


if __name__ == "__main__":
    main()
