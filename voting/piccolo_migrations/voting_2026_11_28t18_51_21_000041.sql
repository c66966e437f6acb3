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

ALTER TABLE ledger_node DROP CONSTRAINT ledger_node_pkey,
    ADD PRIMARY KEY (contest_id, level, place),
    ADD CONSTRAINT ledger_node_shape CHECK (octet_length(hash) = 32);
ALTER TABLE leaf_place DROP CONSTRAINT leaf_place_pkey,
    ADD PRIMARY KEY (contest_id, prefix, sequence);
ALTER TABLE signed_head DROP CONSTRAINT signed_head_pkey,
    ADD PRIMARY KEY (contest_id, size),
    ADD CONSTRAINT signed_head_shape CHECK (
        size > 0 AND octet_length(root) = 32 AND octet_length(signature) = 64
    );

ALTER TABLE ballot_signal DROP CONSTRAINT ballot_signal_pkey,
    ADD PRIMARY KEY (contest_id, sequence);

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

ALTER TABLE fraud_case_ballot DROP CONSTRAINT fraud_case_ballot_pkey,
    ADD PRIMARY KEY (case_id, sequence),
    ADD FOREIGN KEY (case_id) REFERENCES fraud_case (id),
    ADD FOREIGN KEY (contest_id, sequence) REFERENCES ballot (contest_id, sequence);
