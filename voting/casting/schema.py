"""Keys and checks of votes and counts; what a batch of ballots reads; how votes are counted.

Triggers work on whole statements through transition tables, since a group commit inserts its
votes in one statement. They run with their owner's rights, since the app itself may not write
the counts.
"""

KEYS = """
-- The day before the voter: a day's votes lie side by side, so that the millions of earlier days
-- cost a vote of today nothing. One voter of all days is found by PostgreSQL 18's skip scan.
ALTER TABLE vote DROP CONSTRAINT vote_pkey, ADD PRIMARY KEY (contest_id, day, voter, day_slot);
CREATE UNIQUE INDEX vote_contest_slot_once ON vote (contest_id, voter, contest_slot)
    WHERE contest_slot IS NOT NULL;
CREATE UNIQUE INDEX vote_entry_slot_once ON vote (contest_id, day, voter, entrant_id, entry_slot)
    WHERE entry_slot IS NOT NULL;
ALTER TABLE tally DROP CONSTRAINT tally_pkey, ADD PRIMARY KEY (contest_id, entrant_id);
ALTER TABLE tally ADD CONSTRAINT tally_adds_up
    CHECK (under_review >= 0 AND void >= 0 AND under_review + void <= votes);
"""

OPEN_BATCH = """
-- Locks the ledger and reads what a batch of ballots must know: the contest's phase, kept from
-- changing until commit, so that no late ballot can follow; of the candidates it names those
-- that exist; the ballots that carry one of its keys; and the votes its voters have used.
-- Every statement after the lock sees all that was committed before it; and one
-- statement for all of it costs a batch a sixth of what six statements cost.
CREATE FUNCTION open_batch(
    of_contest integer, keys bytea[], voters bytea[], days date[], named text[], whole boolean,
    OUT size bigint, OUT phase text, OUT codes text[], OUT entrants integer[],
    OUT withdrawn boolean[], OUT answered ballot[],
    OUT used_voters bytea[], OUT used_days date[], OUT used_entrants integer[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- A plan made while the tables were nearly empty would read all of them for ever.
SET enable_seqscan = off AS $$
BEGIN
    size := lock_ledger(of_contest);
    SELECT voted.phase INTO phase FROM contest voted WHERE id = of_contest FOR SHARE;
    SELECT array_agg(code), array_agg(id), array_agg(withdrawn_at IS NOT NULL)
        INTO codes, entrants, withdrawn
        FROM entrant WHERE contest = of_contest AND code = ANY(named);
    SELECT array_agg(one) INTO answered FROM ballot one
    WHERE key_digest = ANY(keys);
    IF whole THEN
        SELECT array_agg(voter), array_agg(day), array_agg(entrant_id)
        INTO used_voters, used_days, used_entrants FROM vote
        WHERE contest_id = of_contest AND voter = ANY(voters) AND contest_slot IS NOT NULL;
    ELSE
        SELECT array_agg(voter), array_agg(day), array_agg(entrant_id)
        INTO used_voters, used_days, used_entrants FROM vote
        WHERE contest_id = of_contest AND voter = ANY(voters) AND day = ANY(days);
    END IF;
END $$;
"""

COUNT = """
CREATE FUNCTION count_votes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh LEFT JOIN ballot_box box ON box.contest = fresh.contest_id
        WHERE box.id IS NULL OR day_slot < 1
            OR day_slot > votes_per_day
            OR (votes_per_contest IS NOT NULL
                AND (contest_slot BETWEEN 1 AND votes_per_contest) IS NOT TRUE)
            OR (votes_per_entry_per_day IS NOT NULL
                AND (entry_slot BETWEEN 1 AND votes_per_entry_per_day) IS NOT TRUE)
    ) THEN
        RAISE EXCEPTION 'a vote beyond its quota' USING ERRCODE = '23514';
    END IF;
    INSERT INTO tally (contest_id, entrant_id, votes)
    SELECT contest_id, entrant_id, count(*) FROM fresh GROUP BY contest_id, entrant_id
    ON CONFLICT (contest_id, entrant_id) DO UPDATE SET votes = tally.votes + excluded.votes;
    RETURN NULL;
END $$;
CREATE TRIGGER vote_is_counted AFTER INSERT ON vote
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_votes();
"""

STATEMENTS = (KEYS, OPEN_BATCH, COUNT)
