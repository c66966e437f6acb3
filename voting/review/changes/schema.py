"""Keys, checks and triggers of the changes of ballots.

The triggers run with their owner's rights, since the app itself may write neither the marks
nor the counts.
"""

KEYS = """
ALTER TABLE ballot_change
    ADD UNIQUE (id, proposed_by),
    ADD CONSTRAINT ballot_change_kind
        CHECK (kind IN ('void', 'restore') AND (kind = 'restore') = (void IS NOT NULL));
ALTER TABLE changed_ballot DROP CONSTRAINT changed_ballot_pkey,
    ADD PRIMARY KEY (change_id, sequence),
    ADD FOREIGN KEY (change_id) REFERENCES ballot_change (id),
    ADD FOREIGN KEY (contest_id, sequence) REFERENCES ballot (contest_id, sequence);
ALTER TABLE change_decision
    ADD FOREIGN KEY (change, proposed_by) REFERENCES ballot_change (id, proposed_by);
ALTER TABLE change_entry DROP CONSTRAINT change_entry_pkey,
    ADD PRIMARY KEY (contest_id, sequence);
CREATE INDEX ballot_mark_by_void ON ballot_mark (void_id);
"""

PROPOSE = """
-- A restoration names a void of the same contest.
CREATE FUNCTION restoration_names_a_void() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.void IS NOT NULL AND NOT EXISTS (
        SELECT FROM ballot_change void
        WHERE void.id = NEW.void AND void.kind = 'void' AND void.contest = NEW.contest
    ) THEN
        RAISE EXCEPTION 'a restoration is of a void of its own contest' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ballot_change_names_a_void AFTER INSERT ON ballot_change
    FOR EACH ROW EXECUTE FUNCTION restoration_names_a_void();

-- The ballots of a void are under review from now on; those of a restoration are void as before.
CREATE FUNCTION take_changed_ballots() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh JOIN ballot_change change ON change.id = fresh.change_id
            LEFT JOIN change_decision decision ON decision.change = change.id
        WHERE change.contest <> fresh.contest_id OR decision.id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'only an open change takes ballots, of its own contest'
            USING ERRCODE = '23514';
    END IF;
    INSERT INTO ballot_mark (contest_id, sequence, void_id, state)
    SELECT contest_id, sequence, change_id, 'under_review'
    FROM fresh JOIN ballot_change change ON change.id = change_id WHERE kind = 'void';
    UPDATE tally SET under_review = under_review + taken.votes
    FROM (
        SELECT ballot.contest_id, entrant_id, count(*) AS votes
        FROM fresh JOIN ballot_change change ON change.id = change_id AND kind = 'void'
            JOIN ballot USING (contest_id, sequence), unnest(entries) AS entrant_id
        GROUP BY 1, 2
    ) taken
    WHERE tally.contest_id = taken.contest_id AND tally.entrant_id = taken.entrant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER changed_ballot_is_taken AFTER INSERT ON changed_ballot
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION take_changed_ballots();
"""

DECIDE = """
CREATE FUNCTION settle_void() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ballot_change WHERE id = NEW.change AND kind = 'void') THEN
        RETURN NULL;
    END IF;
    UPDATE tally SET under_review = under_review - taken.votes,
        void = void + NEW.approved::integer * taken.votes
    FROM (
        SELECT ballot.contest_id, entrant_id, count(*) AS votes
        FROM ballot_mark mark JOIN ballot USING (contest_id, sequence),
            unnest(entries) AS entrant_id
        WHERE mark.void_id = NEW.change
        GROUP BY 1, 2
    ) taken
    WHERE tally.contest_id = taken.contest_id AND tally.entrant_id = taken.entrant_id;
    IF NEW.approved THEN
        UPDATE ballot_mark SET state = 'void' WHERE void_id = NEW.change;
    ELSE
        DELETE FROM ballot_mark WHERE void_id = NEW.change;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER change_decision_settles_void AFTER INSERT ON change_decision
    FOR EACH ROW EXECUTE FUNCTION settle_void();

-- Whatever is restored must be void by that very void, so nothing is restored twice.
CREATE FUNCTION settle_restoration() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_void integer;
    named integer;
    freed integer;
BEGIN
    SELECT void INTO of_void FROM ballot_change WHERE id = NEW.change;
    IF of_void IS NULL OR NOT NEW.approved THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO named FROM changed_ballot WHERE change_id = NEW.change;
    WITH released AS (
        DELETE FROM ballot_mark mark USING changed_ballot wanted
        WHERE wanted.change_id = NEW.change AND mark.contest_id = wanted.contest_id
            AND mark.sequence = wanted.sequence AND mark.void_id = of_void
            AND mark.state = 'void'
        RETURNING mark.contest_id, mark.sequence
    ), restored AS (
        SELECT ballot.contest_id, entrant_id, count(*) AS votes
        FROM released JOIN ballot USING (contest_id, sequence), unnest(entries) AS entrant_id
        GROUP BY 1, 2
    ), counted AS (
        UPDATE tally SET void = void - restored.votes FROM restored
        WHERE tally.contest_id = restored.contest_id AND tally.entrant_id = restored.entrant_id
    )
    SELECT count(*) INTO freed FROM released;
    IF freed <> named THEN
        RAISE EXCEPTION 'only ballots void by this void can be restored' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER change_decision_settles_restoration AFTER INSERT ON change_decision
    FOR EACH ROW EXECUTE FUNCTION settle_restoration();
"""

ENTER = """
CREATE TRIGGER change_entry_advances_ledger AFTER INSERT ON change_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION advance_ledger();

CREATE FUNCTION entry_needs_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM change_decision decision JOIN ballot_change change
            ON change.id = decision.change
        WHERE change.id = NEW.change AND change.contest = NEW.contest_id AND decision.approved
    ) THEN
        RAISE EXCEPTION 'a change is entered once a second person approved it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER change_entry_is_approved AFTER INSERT ON change_entry
    FOR EACH ROW EXECUTE FUNCTION entry_needs_approval();
"""

STATEMENTS = (KEYS, PROPOSE, DECIDE, ENTER)
