"""Record numbers below 100,000 belong to catalogues that are kept in files; a database gives its own from there on.

So a catalogue can grow in files, and be loaded into a database that has imported documents of its own meanwhile.
"""

from django.db import migrations

FIRST = 100_000


def sql(letter: str) -> str:
    return f"""
ALTER SEQUENCE record_number_{letter} START WITH {FIRST};
SELECT setval('record_number_{letter}', {FIRST}, false) FROM record_number_{letter} WHERE last_value < {FIRST};
"""


class Migration(migrations.Migration):
    dependencies = [("platforms", "0004_rules_of_evidence"), ("clauses", "0001_initial")]
    operations = [migrations.RunSQL("".join(map(sql, "dscp")))]
