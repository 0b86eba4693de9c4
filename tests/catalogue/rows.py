"""What every table holds, to compare before and after."""

from django.db import connection


def digests() -> dict[str, tuple[int, str]]:
    """Table → how many rows it has, and a digest of all their columns."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            rows = "md5(coalesce(string_agg(row::text, '|' ORDER BY row::text), ''))"
            cursor.execute(f'SELECT count(*), {rows} FROM "{table}" row')
            found[table] = cursor.fetchone()
    return found


def differing(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> dict[str, int]:
    """Tables that changed, with how many rows came."""
    return {table: after[table][0] - before[table][0] for table in before if before[table] != after[table]}
