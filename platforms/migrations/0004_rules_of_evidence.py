"""What PostgreSQL itself refuses of responses, transitions and observed changes."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION observed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.kind = 'observed' AND (NEW.kind, NEW.document_id, NEW.before_id, NEW.after_id)
        IS DISTINCT FROM (OLD.kind, OLD.document_id, OLD.before_id, OLD.after_id)
    THEN
        RAISE EXCEPTION 'Change % was observed between two snapshots: it is superseded by another one, never moved.',
            OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION transition_within_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.before_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM platforms_version a JOIN platforms_version b ON a.document_id = b.document_id
        WHERE a.id = NEW.before_id AND b.id = NEW.version_id AND a.id <> b.id
    ) THEN
        RAISE EXCEPTION 'A transition leads from one version of a document to another of the same.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER body_stays BEFORE DELETE ON platforms_body FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER body_withhold_only BEFORE UPDATE ON platforms_body FOR EACH ROW EXECUTE FUNCTION withhold_only();
CREATE TRIGGER response_stays BEFORE UPDATE OR DELETE ON platforms_response
    FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER observed_stays BEFORE UPDATE ON platforms_change FOR EACH ROW EXECUTE FUNCTION observed_stays();
CREATE TRIGGER transition_within_document BEFORE INSERT OR UPDATE ON platforms_transition
    FOR EACH ROW EXECUTE FUNCTION transition_within_document();
"""

CONSTRAINTS = """
ALTER TABLE platforms_body ADD CONSTRAINT body_is_named_by_its_hash CHECK (
    CASE WHEN withheld_at IS NULL THEN sha256 = encode(sha256(content), 'hex') ELSE content = '' END
);
ALTER TABLE platforms_transition ADD CONSTRAINT transition_fingerprint_is_a_hash CHECK (fingerprint ~ '^[0-9a-f]{64}$');
ALTER TABLE platforms_response ADD CONSTRAINT response_of_document UNIQUE (id, document_id);
ALTER TABLE platforms_snapshot ADD CONSTRAINT snapshot_response_of_the_same_document
    FOREIGN KEY (response_id, document_id)
        REFERENCES platforms_response (id, document_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE platforms_check ADD CONSTRAINT check_response_of_the_same_document
    FOREIGN KEY (response_id, document_id)
        REFERENCES platforms_response (id, document_id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("platforms", "0003_texts_over_time")]
    operations = [migrations.RunSQL(FUNCTIONS), migrations.RunSQL(TRIGGERS), migrations.RunSQL(CONSTRAINTS)]
