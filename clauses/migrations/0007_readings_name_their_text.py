"""A reading names the text that was read by hash and time: a fresh copy of the catalogue holds no snapshot of it."""

from django.db import migrations, models

# Checks that wait for the end of the transaction would keep PostgreSQL from altering the table: they are made at once.
TOLD_BY_THE_SNAPSHOT = """
ALTER TABLE clauses_reading DROP CONSTRAINT reading_of_the_same_document;
UPDATE clauses_reading r SET sha256 = s.text_id, captured_at = s.captured_at
    FROM platforms_snapshot s WHERE s.id = r.snapshot_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("clauses", "0006_words_name_their_text"), ("platforms", "0006_names_in_use")]
    operations = [
        migrations.AddField(
            "reading",
            "sha256",
            models.CharField("SHA-256 of the text", max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "reading", "captured_at", models.DateTimeField(help_text="When the text was captured, in UTC.", null=True)
        ),
        migrations.RunSQL(TOLD_BY_THE_SNAPSHOT),
        migrations.RemoveConstraint("reading", "reading_once"),
        migrations.AlterModelOptions("reading", {"ordering": ["document", "clause_type", "captured_at"]}),
        migrations.RemoveField("reading", "snapshot"),
        migrations.AlterField(
            "reading", "captured_at", models.DateTimeField(help_text="When the text was captured, in UTC.")
        ),
        migrations.AddConstraint(
            "reading",
            models.UniqueConstraint(fields=("document", "clause_type", "captured_at"), name="reading_once"),
        ),
        migrations.AddConstraint(
            "reading",
            models.CheckConstraint(
                condition=models.Q(sha256__regex="^[0-9a-f]{64}$"),
                name="reading_hash_form",
                violation_error_message="A SHA-256 is 64 digits of 0–9 and a–f, in lowercase.",
            ),
        ),
    ]
