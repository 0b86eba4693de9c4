"""What the desk counts fast, and every finding of a review."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platforms", "0009_search_by_degrees"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("unreviewed", "not yet reviewed"),
                            ("confirmed", "reviewed"),
                            ("noise", "no real change"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("kind", "observed"), ("review", "unreviewed"), ("superseded_at", None)),
                fields=["recorded_at", "id"],
                name="change_to_review",
            ),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(
                condition=models.Q(("outcome", "failed")), fields=["document", "checked_at"], name="check_failed"
            ),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(
                condition=models.Q(("added__gt", 0), ("kind", "extraction"), ("settled_at", None)),
                fields=["version"],
                name="transition_to_decide",
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("judgement", "quarantined")), fields=["snapshot"], name="verdict_set_aside"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="change",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="platforms.change"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="reviewed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("finding__in", ["unreviewed", "confirmed", "noise"])), name="review_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finding", "noise"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="review_of_noise_has_a_reason",
            ),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER review_stays BEFORE UPDATE OR DELETE ON platforms_review"
            " FOR EACH ROW EXECUTE FUNCTION refuse_changes()"
        ),
        # What was found of a change until now: its review states no more than that.
        migrations.RunSQL(
            "INSERT INTO platforms_review (change_id, finding, reason, reviewed_at, reviewed_by_id)"
            " SELECT id, review, CASE review WHEN 'noise' THEN 'Found to be no real change.' ELSE '' END,"
            " reviewed_at, reviewed_by_id FROM platforms_change WHERE reviewed_at IS NOT NULL AND review <> 'unreviewed'"
        ),
    ]
