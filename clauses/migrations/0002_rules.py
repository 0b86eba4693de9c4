"""What PostgreSQL itself refuses: changed words, proofs and payloads, false hashes, analyses that rest on nothing,
misfits.
"""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION sentence_count(quotation bigint) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(jsonb_array_length(ends)), 0)::integer
    FROM clauses_quotation, jsonb_array_elements(sentence_ends) AS ends WHERE id = quotation
$$;

CREATE FUNCTION analysis_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[]; prose text; paragraph text; mark text; number text; count integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state IN ('published', 'superseded', 'withdrawn') THEN
            RAISE EXCEPTION 'A published analysis is permanent: withdraw it instead.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state IN ('published', 'superseded', 'withdrawn') THEN
        -- Only the columns of its state can change. A generated column is not known before the row is written: what the
        -- severity is made from is compared.
        free := ARRAY['state', 'closed_at', 'closed_by_id', 'closed_reason', 'severity'];
        IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
        THEN
            RAISE EXCEPTION 'A published analysis is frozen: make a new version from it.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state NOT IN ('published', 'superseded', 'withdrawn') THEN
            RAISE EXCEPTION 'A published analysis never becomes a draft again.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state <> 'published' AND (NEW.state, NEW.closed_at, NEW.closed_by_id, NEW.closed_reason)
            IS DISTINCT FROM (OLD.state, OLD.closed_at, OLD.closed_by_id, OLD.closed_reason)
        THEN
            RAISE EXCEPTION 'An analysis that is % stays so.', OLD.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.provision_id, NEW.version) IS DISTINCT FROM (OLD.provision_id, OLD.version) THEN
        RAISE EXCEPTION 'The clause and the version number of an analysis are permanent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('published', 'superseded', 'withdrawn') THEN
        count := sentence_count(NEW.quotation_id);
        FOREACH prose IN ARRAY ARRAY[NEW.what_it_is, NEW.why_it_matters, NEW.what_this_means] LOOP
            FOREACH paragraph IN ARRAY regexp_split_to_array(prose, '\n\s*\n') LOOP
                IF paragraph ~ '\w' AND paragraph !~ '\[\s*(~|\d+(\s*,\s*\d+)*)\s*\][^[:alnum:]\[\]]*$' THEN
                    RAISE EXCEPTION 'A sentence rests on nothing: %', right(paragraph, 80)
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
            END LOOP;
            -- A word, a full stop and another sentence with no mark between them. Where sentences end is settled by
            -- clauses/sentences.py; this finds what goes round it, and leaves short words (abbreviations) alone.
            mark := substring(prose from '[[:lower:]]{4,}[.!?]["”’)]*\s+["“(]*[[:upper:]].*');
            IF mark IS NOT NULL THEN
                RAISE EXCEPTION 'A sentence rests on nothing: %', left(mark, 80)
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            FOR mark IN SELECT (regexp_matches(prose, '\[\s*(\d+(?:\s*,\s*\d+)*)\s*\](?!\()', 'g'))[1] LOOP
                FOREACH number IN ARRAY regexp_split_to_array(mark, '\s*,\s*') LOOP
                    IF number::numeric NOT BETWEEN 1 AND count THEN
                        RAISE EXCEPTION 'There is no sentence %: the quotation has %.', number, count
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                END LOOP;
            END LOOP;
        END LOOP;
        SELECT n::text INTO number FROM (
            SELECT unnest(sentences) AS n FROM clauses_answer WHERE analysis_id = NEW.id
            UNION ALL SELECT unnest(sentences) FROM clauses_action WHERE analysis_id = NEW.id
        ) AS rests WHERE n NOT BETWEEN 1 AND count LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'There is no sentence %: the quotation has %.', number, count
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION payload_is_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM clauses_provision p, (SELECT NEW.payload::jsonb AS said) AS payload
        WHERE p.id = NEW.provision_id
        AND said ->> 'record' = 'CA-P-' || lpad(p.number::text, greatest(6, length(p.number::text)), '0')
        AND (said ->> 'version')::integer = NEW.version
        AND said ->> 'what_it_is' = NEW.what_it_is
        AND said ->> 'why_it_matters' = NEW.why_it_matters
        AND said ->> 'what_this_means' = NEW.what_this_means
    ) THEN
        RAISE EXCEPTION 'The payload is not that of this analysis.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION proof_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words jsonb; whole text;
BEGIN
    IF NEW.state NOT IN ('exact', 'normalised') THEN
        IF NEW.spans <> '[]'::jsonb THEN
            RAISE EXCEPTION 'A proof that is % has no place in the text.', NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT segments INTO words FROM clauses_quotation WHERE id = NEW.quotation_id;
    SELECT content INTO whole FROM platforms_text WHERE sha256 = NEW.text_id;
    IF jsonb_array_length(NEW.spans) <> jsonb_array_length(words) OR EXISTS (
        SELECT 1 FROM jsonb_array_elements(NEW.spans) WITH ORDINALITY AS span(place, n)
        WHERE (place ->> 0)::integer < 0 OR (place ->> 1)::integer <= (place ->> 0)::integer
        OR (place ->> 1)::integer > length(whole)
        OR NEW.state = 'exact' AND words ->> (n::integer - 1) <>
            substring(whole from (place ->> 0)::integer + 1 for (place ->> 1)::integer - (place ->> 0)::integer)
    ) THEN
        RAISE EXCEPTION 'The spans of this proof do not slice the text to the quoted words.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION touches_same_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM platforms_change c JOIN clauses_provision p ON p.document_id = c.document_id
        WHERE c.id = NEW.change_id AND p.id = NEW.provision_id
    ) THEN
        RAISE EXCEPTION 'A change concerns clauses of its own document only.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION question_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.clause_type_id, NEW.key) IS DISTINCT FROM (OLD.clause_type_id, OLD.key)
        AND EXISTS (SELECT 1 FROM clauses_answer WHERE question_id = OLD.id)
    THEN
        RAISE EXCEPTION 'A question with answers keeps its type and its key: reword it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION part_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE parent bigint; frozen boolean;
BEGIN
    FOREACH parent IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.analysis_id]
        WHEN 'DELETE' THEN ARRAY[OLD.analysis_id] ELSE ARRAY[NEW.analysis_id, OLD.analysis_id] END
    LOOP
        SELECT state IN ('published', 'superseded', 'withdrawn') INTO frozen FROM clauses_analysis WHERE id = parent;
        IF frozen THEN
            RAISE EXCEPTION 'A row of % belongs to a published analysis, which is frozen: make a new version from it.',
                TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION answer_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM clauses_analysis a JOIN clauses_provision p ON p.id = a.provision_id
        JOIN clauses_question q ON q.clause_type_id = p.clause_type_id
        WHERE a.id = NEW.analysis_id AND q.id = NEW.question_id
    ) THEN
        RAISE EXCEPTION 'The question is none of this clause''s type.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION action_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM clauses_analysis a JOIN clauses_provision p ON p.id = a.provision_id
        JOIN clauses_clausetype t ON t.id = p.clause_type_id
        WHERE a.id = NEW.analysis_id AND NEW.kind = ANY (t.action_kinds)
    ) THEN
        RAISE EXCEPTION 'A step of the kind % does not fit this clause''s type.', NEW.kind
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION provision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number IS DISTINCT FROM OLD.number OR NEW.document_id IS DISTINCT FROM OLD.document_id THEN
        RAISE EXCEPTION 'The record number and the document of a clause are permanent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.clause_type_id
        IS DISTINCT FROM OLD.clause_type_id AND EXISTS (SELECT 1 FROM clauses_analysis WHERE provision_id = OLD.id) THEN
        RAISE EXCEPTION 'The type of a clause with an analysis is permanent: its answers belong to that type.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER quotation_stays BEFORE UPDATE OR DELETE ON clauses_quotation
    FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER payload_is_its_own AFTER INSERT OR UPDATE ON clauses_analysis
    FOR EACH ROW WHEN (NEW.payload <> '') EXECUTE FUNCTION payload_is_its_own();
CREATE TRIGGER proof_fits BEFORE INSERT ON clauses_proof FOR EACH ROW EXECUTE FUNCTION proof_fits();
CREATE TRIGGER touches_same_document BEFORE INSERT OR UPDATE ON clauses_changedprovision
    FOR EACH ROW EXECUTE FUNCTION touches_same_document();
CREATE TRIGGER question_stays BEFORE UPDATE ON clauses_question FOR EACH ROW EXECUTE FUNCTION question_stays();
CREATE TRIGGER proof_stays BEFORE UPDATE OR DELETE ON clauses_proof FOR EACH ROW EXECUTE FUNCTION refuse_changes();
CREATE TRIGGER analysis_rules BEFORE INSERT OR UPDATE OR DELETE ON clauses_analysis
    FOR EACH ROW EXECUTE FUNCTION analysis_rules();
CREATE TRIGGER answer_of_draft BEFORE INSERT OR UPDATE OR DELETE ON clauses_answer
    FOR EACH ROW EXECUTE FUNCTION part_of_draft();
CREATE TRIGGER action_of_draft BEFORE INSERT OR UPDATE OR DELETE ON clauses_action
    FOR EACH ROW EXECUTE FUNCTION part_of_draft();
CREATE TRIGGER agency_of_draft BEFORE INSERT OR UPDATE OR DELETE ON clauses_appliedagency
    FOR EACH ROW EXECUTE FUNCTION part_of_draft();
CREATE TRIGGER regulation_of_draft BEFORE INSERT OR UPDATE OR DELETE ON clauses_appliedregulation
    FOR EACH ROW EXECUTE FUNCTION part_of_draft();
CREATE TRIGGER answer_fits BEFORE INSERT OR UPDATE ON clauses_answer FOR EACH ROW EXECUTE FUNCTION answer_fits();
CREATE TRIGGER action_fits BEFORE INSERT OR UPDATE ON clauses_action FOR EACH ROW EXECUTE FUNCTION action_fits();
CREATE TRIGGER provision_number_moves BEFORE INSERT ON clauses_provision
    FOR EACH ROW EXECUTE FUNCTION move_sequence_past('record_number_p');
CREATE TRIGGER provision_stays BEFORE UPDATE ON clauses_provision FOR EACH ROW EXECUTE FUNCTION provision_stays();
"""

CONSTRAINTS = """
ALTER TABLE clauses_analysis ADD CONSTRAINT analysis_payload_is_named_by_its_hash
    CHECK (
        (payload = '' AND payload_sha256 = '')
        OR payload_sha256 = encode(sha256(convert_to(payload, 'UTF8')), 'hex')
    );
ALTER TABLE clauses_analysis ADD CONSTRAINT analysis_payload_is_an_object
    CHECK (payload = '' OR payload IS JSON OBJECT);
ALTER TABLE clauses_analysis ADD CONSTRAINT analysis_closed_when_it_says_so
    CHECK (
        (state IN ('superseded', 'withdrawn')) = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_reason = '')
    );
ALTER TABLE clauses_quotation ADD CONSTRAINT quotation_of_provision UNIQUE (id, provision_id);
ALTER TABLE clauses_analysis ADD CONSTRAINT analysis_of_words_of_the_same_clause
    FOREIGN KEY (quotation_id, provision_id)
        REFERENCES clauses_quotation (id, provision_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE clauses_reading ADD CONSTRAINT reading_of_the_same_document
    FOREIGN KEY (snapshot_id, document_id)
        REFERENCES platforms_snapshot (id, document_id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("clauses", "0001_initial"), ("platforms", "0002_rules")]
    operations = [migrations.RunSQL(FUNCTIONS), migrations.RunSQL(TRIGGERS), migrations.RunSQL(CONSTRAINTS)]
