"""Published analyses by the words that they are about, for the desk."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clauses", "0016_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(
                condition=models.Q(("state", "published")), fields=["quotation"], name="analysis_published_words"
            ),
        ),
    ]
