"""What PostgreSQL itself refuses of the analysts' queue."""

from django.db import migrations

RULES = """
CREATE FUNCTION queue_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM clauses_proof p JOIN clauses_quotation q ON q.id = p.quotation_id
        WHERE p.id = NEW.proof_id AND q.provision_id = NEW.provision_id
    ) THEN
        RAISE EXCEPTION 'An open question rests on a proof of its own clause.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER queue_fits BEFORE INSERT OR UPDATE ON clauses_queueitem FOR EACH ROW EXECUTE FUNCTION queue_fits();
CREATE TRIGGER queue_item_stays BEFORE DELETE ON clauses_queueitem FOR EACH ROW EXECUTE FUNCTION refuse_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("clauses", "0004_evidence"), ("platforms", "0004_rules_of_evidence")]
    operations = [migrations.RunSQL(RULES)]
