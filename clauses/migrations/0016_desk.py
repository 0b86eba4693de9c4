"""What the desk counts fast, and the documents that wait to be read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# As `clauses.due` stood when the table was made: the documents that wait then.
DUE = """
INSERT INTO clauses_readingdue (document_id, snapshot_id, since, missing)
SELECT document.id, newest.id, worded.recorded_at, types.missing
FROM platforms_document document
CROSS JOIN LATERAL (
    SELECT snapshot.id, snapshot.text_id
    FROM platforms_version version JOIN platforms_snapshot snapshot ON snapshot.id = version.snapshot_id
    WHERE version.document_id = document.id AND version.counts
    ORDER BY snapshot.captured_at DESC, version.number DESC LIMIT 1
) newest
JOIN platforms_text text ON text.sha256 = newest.text_id AND text.withheld_at IS NULL
CROSS JOIN LATERAL (
    SELECT snapshot.captured_at, snapshot.recorded_at
    FROM platforms_version version JOIN platforms_snapshot snapshot ON snapshot.id = version.snapshot_id
    LEFT JOIN platforms_transition transition ON transition.version_id = version.id
    WHERE version.document_id = document.id AND version.counts
        AND (transition.kind IS NULL OR transition.kind NOT IN ('identical', 'whitespace', 'markup', 'dates', 'furniture'))
    ORDER BY snapshot.captured_at DESC, version.number DESC LIMIT 1
) worded
CROSS JOIN LATERAL (
    SELECT count(*) AS missing
    FROM clauses_clausetype clause_type
    WHERE document.kind = ANY(clause_type.document_kinds) AND NOT EXISTS (
        SELECT FROM clauses_reading reading
        WHERE reading.document_id = document.id AND reading.clause_type_id = clause_type.id
            AND (reading.captured_at >= worded.captured_at OR reading.sha256 = newest.text_id)
    )
) types
WHERE document.retired_on IS NULL AND types.missing > 0
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clauses", "0015_search_by_degrees"),
        ("platforms", "0010_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadingDue",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reading_due",
                        serialize=False,
                        to="platforms.document",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("missing", models.PositiveSmallIntegerField(verbose_name="clause types to read it for")),
            ],
            options={
                "verbose_name": "document to be read",
                "verbose_name_plural": "documents to be read",
                "ordering": ["since", "document"],
            },
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                condition=models.Q(("state__in", ["draft", "in_review"])),
                fields=["state", "drafter"],
                name="analysis_unpublished",
            ),
        ),
        migrations.AddIndex(
            model_name="queueitem",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["opened_at", "id"], name="queue_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(
                condition=models.Q(("number__gt", 1)), fields=["provision", "number"], name="quotation_taken_anew"
            ),
        ),
        migrations.AddField(
            model_name="readingdue",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platforms.snapshot"
            ),
        ),
        migrations.AddIndex(
            model_name="readingdue",
            index=models.Index(fields=["since", "document"], name="reading_due_since"),
        ),
        migrations.RunSQL(DUE),
    ]
