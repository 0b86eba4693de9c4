"""What PostgreSQL itself refuses: changed evidence, false hashes, snapshots of another document, record numbers given
twice.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row of % is append-only: add a new one, the old one stays as it is.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION move_sequence_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
    -- A sequence that has given no number yet stands before its first one.
    EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %I', TG_ARGV[0]) INTO last;
    IF NEW.number > last THEN
        PERFORM setval(TG_ARGV[0], NEW.number);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number IS DISTINCT FROM OLD.number THEN
        RAISE EXCEPTION 'The record number % of % is permanent.', OLD.number, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION withhold_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withheld_at IS NULL AND NEW.withheld_at IS NOT NULL AND NEW.sha256 = OLD.sha256 AND NEW.content = '' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A text is append-only: it can be withheld under a legal order, once, and nothing else.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION only_counts_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.document_id, NEW.snapshot_id, NEW.number)
        IS DISTINCT FROM (OLD.id, OLD.document_id, OLD.snapshot_id, OLD.number) THEN
        RAISE EXCEPTION 'Version % is never renumbered: only whether it counts can change.', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.counts IS DISTINCT FROM (
        SELECT judgement IN ('accepted', 'released') FROM platforms_verdict WHERE snapshot_id = NEW.snapshot_id
            ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'Whether version % counts follows the latest verdict on its snapshot.', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION verdict_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platforms_version SET counts = NEW.judgement IN ('accepted', 'released')
    WHERE snapshot_id = NEW.snapshot_id AND counts <> (NEW.judgement IN ('accepted', 'released'));
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER text_withhold_only BEFORE UPDATE ON platforms_text FOR EACH ROW EXECUTE FUNCTION withhold_only();
CREATE TRIGGER text_stays BEFORE DELETE ON platforms_text FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER snapshot_stays BEFORE UPDATE OR DELETE ON platforms_snapshot
    FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER verdict_stays BEFORE UPDATE OR DELETE ON platforms_verdict
    FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER check_stays BEFORE UPDATE OR DELETE ON platforms_check FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER edition_stays BEFORE UPDATE OR DELETE ON platforms_edition
    FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER version_stays BEFORE DELETE ON platforms_version FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER version_only_counts BEFORE INSERT OR UPDATE ON platforms_version
    FOR EACH ROW EXECUTE FUNCTION only_counts_changes();
CREATE TRIGGER verdict_decides AFTER INSERT ON platforms_verdict FOR EACH ROW EXECUTE FUNCTION verdict_decides();
CREATE TRIGGER document_number_moves BEFORE INSERT ON platforms_document
    FOR EACH ROW EXECUTE FUNCTION move_sequence_past('record_number_d');
CREATE TRIGGER snapshot_number_moves BEFORE INSERT ON platforms_snapshot
    FOR EACH ROW EXECUTE FUNCTION move_sequence_past('record_number_s');
CREATE TRIGGER change_number_moves BEFORE INSERT ON platforms_change
    FOR EACH ROW EXECUTE FUNCTION move_sequence_past('record_number_c');
CREATE TRIGGER document_number_stays BEFORE UPDATE ON platforms_document FOR EACH ROW EXECUTE FUNCTION number_stays();
CREATE TRIGGER change_stays BEFORE DELETE ON platforms_change FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER change_number_stays BEFORE UPDATE ON platforms_change FOR EACH ROW EXECUTE FUNCTION number_stays();
"""

CONSTRAINTS = """
ALTER TABLE platforms_text ADD CONSTRAINT text_is_named_by_its_hash
    CHECK (withheld_at IS NOT NULL OR sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex'));
ALTER TABLE platforms_text ADD CONSTRAINT text_name_is_a_hash CHECK (sha256 ~ '^[0-9a-f]{64}$');
ALTER TABLE platforms_formeraddress ADD CONSTRAINT address_moves_out_of_itself
    CHECK (new_path = old_path OR left(new_path, length(old_path)) <> old_path);
ALTER TABLE platforms_formeraddress ADD CONSTRAINT address_of_a_record CHECK (
    old_path !~ '[^-a-z0-9/]' AND old_path !~ '^/(record|admin|static)/'
    AND new_path !~ '[^-a-z0-9/]' AND new_path !~ '^/(record|admin|static)/'
);
ALTER TABLE platforms_snapshot ADD CONSTRAINT snapshot_of_document UNIQUE (id, document_id);
ALTER TABLE platforms_version ADD CONSTRAINT version_of_the_same_document
    FOREIGN KEY (snapshot_id, document_id)
        REFERENCES platforms_snapshot (id, document_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE platforms_check ADD CONSTRAINT check_of_the_same_document
    FOREIGN KEY (snapshot_id, document_id)
        REFERENCES platforms_snapshot (id, document_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE platforms_change ADD CONSTRAINT change_before_of_the_same_document
    FOREIGN KEY (before_id, document_id) REFERENCES platforms_snapshot (id, document_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE platforms_change ADD CONSTRAINT change_after_of_the_same_document
    FOREIGN KEY (after_id, document_id) REFERENCES platforms_snapshot (id, document_id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("platforms", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS), migrations.RunSQL(TRIGGERS), migrations.RunSQL(CONSTRAINTS)]
