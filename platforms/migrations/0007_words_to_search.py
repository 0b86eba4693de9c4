"""How words are searched: English stems without accents, and likeness of names by their groups of three letters."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# A configuration of its own, because `unaccent()` is not immutable and so could stand in no generated column.
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION atlas (COPY = english);
ALTER TEXT SEARCH CONFIGURATION atlas ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""


class Migration(migrations.Migration):
    dependencies = [("platforms", "0006_names_in_use")]
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION atlas"),
    ]
