"""What clauses of the registry have in common becomes one number for each combination, by which they are counted."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

COLUMNS = "invented, clause_type, sector, document_kind, market, severity, confidence, proof, regulations"
OF_ENTRY = COLUMNS.replace("clause_type", "clause_type_id")
OF_NEW = ", ".join(f"NEW.{column}" for column in OF_ENTRY.split(", "))

# In two steps with ANALYZE between: without it, PostgreSQL would expect a handful of combinations.
THOSE_THERE = f"""
INSERT INTO clauses_traits ({COLUMNS}) SELECT DISTINCT {OF_ENTRY} FROM clauses_registryentry;
ANALYZE clauses_traits;
UPDATE clauses_registryentry AS entry SET traits_id = traits.id FROM clauses_traits AS traits
WHERE ({", ".join(f"traits.{column}" for column in COLUMNS.split(", "))})
    = ({", ".join(f"entry.{column}" for column in OF_ENTRY.split(", "))});
"""
RULES = f"""
CREATE FUNCTION registry_traits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT id INTO NEW.traits_id FROM clauses_traits WHERE ({COLUMNS}) = ({OF_NEW}) ORDER BY id LIMIT 1;
    IF NOT FOUND THEN
        INSERT INTO clauses_traits ({COLUMNS}) VALUES ({OF_NEW}) RETURNING id INTO NEW.traits_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registry_traits BEFORE INSERT OR UPDATE ON clauses_registryentry
    FOR EACH ROW EXECUTE FUNCTION registry_traits();
CREATE TRIGGER traits_stay BEFORE UPDATE ON clauses_traits FOR EACH ROW EXECUTE FUNCTION refuse_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("clauses", "0019_lines_of_results"), ("platforms", "0004_rules_of_evidence")]

    operations = [
        migrations.CreateModel(
            name="Traits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invented", models.BooleanField()),
                ("clause_type", models.BigIntegerField()),
                ("sector", models.CharField(max_length=20)),
                ("document_kind", models.CharField(max_length=30)),
                ("market", models.CharField(blank=True, max_length=10)),
                ("severity", models.PositiveSmallIntegerField()),
                ("confidence", models.CharField(max_length=6)),
                ("proof", models.CharField(max_length=10)),
                (
                    "regulations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "traits",
                "indexes": [
                    models.Index(
                        fields=[
                            *("clause_type", "sector", "document_kind", "market", "severity", "confidence", "proof"),
                            *("regulations", "invented"),
                        ],
                        name="traits_combination",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="registryentry",
            name="traits",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clauses.traits",
            ),
        ),
        migrations.RunSQL(THOSE_THERE),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.AlterField(
            model_name="registryentry",
            name="traits",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clauses.traits",
            ),
        ),
        migrations.RunSQL(RULES),
        migrations.AddIndex(
            model_name="registryentry",
            index=models.Index(fields=["platform", "invented"], name="registry_of_platform"),
        ),
        migrations.AddIndex(
            model_name="registryentry",
            index=models.Index(fields=["traits", "platform"], name="registry_of_traits"),
        ),
        migrations.AlterField(
            model_name="registryentry",
            name="platform",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="platforms.platform",
            ),
        ),
    ]
