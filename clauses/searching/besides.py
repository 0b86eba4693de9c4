"""What answers a question about a platform besides the records that hold its words: what its clauses name, and the
clause types that the rest of the question is about.
"""

from collections.abc import Collection, Sequence

from django.db import connection

from clauses.asking import at_least
from clauses.models import AppliedAgency
from clauses.vocabulary import AnalysisState

COMPLAINING = frozenset(
    {"complain", "complains", "complaint", "complaints", "report", "authority", "authorities", "regulator"}
)

MOST_HELD = """
SELECT coalesce(max(held), 0) FROM clauses_searchentry, LATERAL (
    SELECT count(*) FILTER (WHERE vector @@ word) AS held FROM unnest(%s::tsquery[]) AS word
) AS counted WHERE kind = 'clause_type'
"""


def types_about(words: Sequence[str]) -> str:
    """What finds the clause types that hold most of the words, or nothing where none holds half of them; in one query,
    or none for no words.
    """
    if not words:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(MOST_HELD, [list(words)])
        held = cursor.fetchone()[0]
    return at_least(held, words) if held and 2 * held >= len(words) else ""


def agencies_of(platforms: Collection[int]) -> dict[int, tuple[int, list[str]]]:
    """Id of an agency → how many published clauses of these platforms name it, and whose they are; in one query, or
    none for no platforms.
    """
    if not platforms:
        return {}
    rows = AppliedAgency.objects.filter(
        analysis__state=AnalysisState.PUBLISHED, analysis__provision__registered__platform__in=platforms
    ).values_list("agency", "analysis__provision__registered__platform__name")
    found: dict[int, tuple[int, list[str]]] = {}
    for agency, platform in rows.order_by("analysis__provision__registered__platform_key"):
        clauses, names = found.get(agency, (0, []))
        found[agency] = (clauses + 1, names if platform in names else [*names, platform])
    return found


def may_be_a_complaint(words: Collection[str]) -> bool:
    return not COMPLAINING.isdisjoint(words)
