"""Fills an empty database with a generated catalogue, in one transaction: all of it or nothing."""

from collections import Counter
from pathlib import Path
from random import Random

from django.db import connection, transaction

from clauses.due import follow_readings_due
from conductatlas import actors
from conductatlas.progress import Begin, Step
from conductatlas.rules import Refused
from platforms.actions import new_edition, one_edition
from platforms.models import Platform

from .analyses import add_analyses
from .copying import Rows
from .planning import PlatformPlan, plan
from .platforms import Maker, add_document, add_platform
from .prose import Writer
from .provisions import add_clauses, add_readings
from .taxonomy import load_taxonomy

REASON = "Generated catalogue, no real platform"
WRITTEN_AT_ONCE = 600  # clauses
LARGEST = 1_000_000


@transaction.atomic
def fill(root: Path, *, clauses: int, seed: int, begin: Begin, step: Step) -> Counter[str]:
    """So many clauses of invented platforms; types, agencies and laws are those of the files in `root`. How many of
    what there are then. `begin` is told how many clauses there will be, `step` is called after each.
    """
    if not 1 <= clauses <= LARGEST:
        raise Refused(f"{clauses:,} clauses cannot be generated: ask for 1 to {LARGEST:,}.")
    if Platform.objects.exists():
        raise Refused(
            f"The database {connection.settings_dict['NAME']!r} holds platforms already. A generated catalogue counts"
            " its invented platforms as real ones, so it needs a database of its own: make an empty one, name it in"
            " DATABASE_URL, run `manage.py migrate`, and try again."
        )
    with one_edition(by=actors.catalogue(), reason=REASON):
        taxonomy = load_taxonomy(root)
        new_edition(by=actors.catalogue(), reason=REASON)
    rows = Rows()
    maker = Maker(Writer(seed), taxonomy, rows, actors.catalogue(), actors.machine())
    begin(clauses)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else every row waits in memory for its check
        waiting, analysed = 0, 1
        for platform in plan(clauses, seed, taxonomy.kinds):
            waiting += _add(maker, platform, Random(f"{seed} {platform.number}"), step)
            if waiting >= WRITTEN_AT_ONCE:
                rows.write()
                waiting = 0
                if platform.number >= 4 * analysed:
                    rows.count_anew()
                    analysed = platform.number
        rows.write()
        rows.finish()
        follow_readings_due()
        rows.count_anew()
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return Counter({str(model._meta.verbose_name_plural): count for model, count in rows.given.items()})


def _add(maker: Maker, plan: PlatformPlan, random: Random, step: Step) -> int:
    """A platform with all that it publishes. How many clauses it has."""
    platform, count = add_platform(maker, plan, random), 0
    for place, wanted in enumerate(plan.documents):
        seen = add_document(maker, platform, wanted, random, place=place)
        clauses = add_clauses(maker, seen, wanted, random)
        add_readings(maker, seen, add_analyses(maker, seen, clauses, random), random)
        for _ in clauses:
            step()
        count += len(clauses)
    return count
