from django.db import migrations, models
from django.db.models import Q

HASH = "^[0-9a-f]{64}$"


class Migration(migrations.Migration):
    dependencies = [("clauses", "0005_rules_of_the_queue")]
    operations = [
        migrations.AddField(
            "quotation",
            "taken_from_sha256",
            models.CharField(
                "taken from the text with SHA-256",
                blank=True,
                default="",
                help_text="The text that the words were copied from, which this copy of the catalogue need not hold.",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "quotation",
            "taken_from_at",
            models.DateTimeField(
                "captured at", blank=True, help_text="When that text was captured, in UTC.", null=True
            ),
        ),
        migrations.AddConstraint(
            "quotation",
            models.CheckConstraint(
                condition=Q(taken_from_at__isnull=True, taken_from_sha256="")
                | Q(taken_from_at__isnull=False, taken_from_sha256__regex=HASH),
                name="quotation_taken_from_one_text",
                violation_error_message=(
                    "The text that the words were taken from is named by its SHA-256 (64 digits of 0–9 and a–f, in"
                    " lowercase) and by the time of its capture: give both, or neither."
                ),
            ),
        ),
    ]
