"""The journal proves itself: an entry whose postings don't make 0 can't be committed, and what is written stays written."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION subsidies_posting_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount), 0) FROM subsidies_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON subsidies_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION subsidies_posting_balanced();
CREATE FUNCTION subsidies_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is never changed: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_append_only';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON subsidies_journalentry
    FOR EACH ROW EXECUTE FUNCTION subsidies_append_only();
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON subsidies_posting
    FOR EACH ROW EXECUTE FUNCTION subsidies_append_only();
"""
BACK = """
DROP TRIGGER journal_append_only ON subsidies_posting;
DROP TRIGGER journal_append_only ON subsidies_journalentry;
DROP FUNCTION subsidies_append_only();
DROP TRIGGER journal_balanced ON subsidies_posting;
DROP FUNCTION subsidies_posting_balanced();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_subsidies")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
