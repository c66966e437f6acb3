"""Keys, checks and triggers of the ledger.

Triggers work on whole statements through transition tables, since a group commit inserts its
ballots in one statement. They run with their owner's rights, since the app itself may write
neither the length of the ledger nor the marks.
"""

KEYS = """
ALTER TABLE ballot DROP CONSTRAINT ballot_pkey, ADD PRIMARY KEY (contest_id, sequence);
CREATE UNIQUE INDEX ballot_key_once ON ballot (key_digest);
ALTER TABLE ballot
    ADD CONSTRAINT ballot_shape CHECK (
        sequence > 0 AND slot > 0 AND cardinality(entries) > 0
        AND octet_length(voter) = 16 AND octet_length(key_digest) = 16
        AND octet_length(leaf_hash) = 32
    );
ALTER TABLE ballot_mark DROP CONSTRAINT ballot_mark_pkey, ADD PRIMARY KEY (contest_id, sequence);
ALTER TABLE ballot_mark ADD CONSTRAINT ballot_mark_state CHECK (state IN ('under_review', 'void'));
"""

OPEN = """
CREATE FUNCTION open_ledger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_head (contest, size) VALUES (NEW.contest, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER ballot_box_opens_ledger AFTER INSERT ON ballot_box
    FOR EACH ROW EXECUTE FUNCTION open_ledger();

-- The one way to append: holds every other writer of this ledger off until commit.
CREATE FUNCTION lock_ledger(of_contest integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT size FROM ledger_head WHERE contest = of_contest FOR UPDATE
$$;
"""

APPEND = """
CREATE FUNCTION advance_ledger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    advanced integer;
BEGIN
    WITH added AS (
        SELECT contest_id, count(*) AS leaves, min(sequence) AS first, max(sequence) AS last
        FROM fresh GROUP BY contest_id
    ), moved AS (
        UPDATE ledger_head head SET size = added.last FROM added
        WHERE head.contest = added.contest_id
            AND added.first = head.size + 1 AND added.last = head.size + added.leaves
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM added) - (SELECT count(*) FROM moved) INTO advanced;
    IF advanced <> 0 THEN
        RAISE EXCEPTION 'a ledger must be continued without a gap' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ballot_advances_ledger AFTER INSERT ON ballot
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION advance_ledger();
"""

STATEMENTS = (KEYS, OPEN, APPEND)
