ALTER TABLE fund_appropriation ADD UNIQUE (id, proposed_by);
ALTER TABLE fund_appropriation_decision ADD FOREIGN KEY (appropriation, proposed_by)
    REFERENCES fund_appropriation (id, proposed_by);
ALTER TABLE fund_correction ADD UNIQUE (id, proposed_by);
ALTER TABLE fund_correction_decision ADD FOREIGN KEY (correction, proposed_by)
    REFERENCES fund_correction (id, proposed_by);
ALTER TABLE fund_batch ADD UNIQUE (id, made_by);
ALTER TABLE fund_batch_decision
    ADD FOREIGN KEY (batch, made_by) REFERENCES fund_batch (id, made_by),
    ADD UNIQUE (batch, made_by, decided_by, approved);
ALTER TABLE fund_batch_sending ADD FOREIGN KEY (batch, made_by, decided_by, approved)
    REFERENCES fund_batch_decision (batch, made_by, decided_by, approved);
ALTER TABLE fund_payee ADD UNIQUE (id, entitlement);
ALTER TABLE fund_payment
    ADD FOREIGN KEY (payee, entitlement) REFERENCES fund_payee (id, entitlement),
    ADD UNIQUE (id, entitlement);
ALTER TABLE fund_step
    ADD FOREIGN KEY (payment, entitlement) REFERENCES fund_payment (id, entitlement);
CREATE UNIQUE INDEX fund_in_kind_done_once ON fund_in_kind_step (in_kind) WHERE done;
CREATE INDEX fund_posting_by_account ON fund_posting (line, account, id);

CREATE FUNCTION fund_take_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old fund_standing;
    goes text;
BEGIN
    SELECT * INTO old FROM fund_standing WHERE entitlement = NEW.entitlement FOR UPDATE;
    SELECT way.after INTO goes FROM (VALUES ('', 'approve', 'queued'), ('', 'approve_in_kind', 'in_kind'), ('cancelled', 'approve', 'queued'), ('cancelled', 'approve_in_kind', 'in_kind'), ('failed', 'cancel', 'cancelled'), ('failed', 'confirm', 'paid'), ('failed', 'hold', 'failed'), ('failed', 'order', 'ordered'), ('failed', 'release', 'failed'), ('in_kind', 'cancel', 'cancelled'), ('ordered', 'hold', 'ordered'), ('ordered', 'release', 'ordered'), ('ordered', 'send', 'sent'), ('ordered', 'take_out', 'reserved'), ('paid', 'reverse', 'reversed'), ('queued', 'cancel', 'cancelled'), ('queued', 'hold', 'queued'), ('queued', 'release', 'queued'), ('queued', 'reserve', 'reserved'), ('reserved', 'cancel', 'cancelled'), ('reserved', 'hold', 'reserved'), ('reserved', 'order', 'ordered'), ('reserved', 'release', 'reserved'), ('reversed', 'cancel', 'cancelled'), ('reversed', 'hold', 'reversed'), ('reversed', 'order', 'ordered'), ('reversed', 'release', 'reversed'), ('sent', 'fail', 'failed'), ('sent', 'pay', 'paid')) AS way (before, act, after)
        WHERE way.before = coalesce(old.state, '') AND way.act = NEW.act;
    IF goes IS NULL OR NEW.number <> coalesce(old.number, 0) + 1
        OR (old.held AND NEW.act IN ('order', 'send'))
        OR (NEW.act IN ('hold', 'release') AND old.held = (NEW.act = 'hold'))
        OR (NEW.act IN ('confirm', 'fail', 'pay', 'reverse', 'send', 'take_out') AND NEW.payment IS DISTINCT FROM old.payment)
        OR (NEW.act = 'order' AND (NEW.payment IS NULL OR NEW.payment = old.payment))
        OR (NEW.act = 'reserve' AND NEW.line IS NULL)
    THEN
        RAISE EXCEPTION 'entitlement %: % does not fit % (step % after %)',
            NEW.entitlement, NEW.act, old.state, NEW.number, old.number USING ERRCODE = '23514';
    END IF;
    IF NEW.act = 'send' AND NOT EXISTS (
        SELECT FROM fund_payment payment JOIN fund_batch_sending sending USING (batch)
        WHERE payment.id = NEW.payment
    ) OR NEW.act IN ('reverse', 'confirm') AND NOT EXISTS (
        SELECT FROM fund_correction asked
            JOIN fund_correction_decision decision ON decision.correction = asked.id
        WHERE asked.payment = NEW.payment AND asked.act = NEW.act AND decision.approved
    ) THEN
        RAISE EXCEPTION '% needs its second person', NEW.act USING ERRCODE = '23514';
    END IF;
    INSERT INTO fund_standing (entitlement, state, held, number, payment, line)
    VALUES (
        NEW.entitlement, goes,
        NEW.act = 'hold'
            OR (coalesce(old.held, false) AND NEW.act NOT IN ('cancel', 'confirm', 'release')),
        NEW.number,
        CASE NEW.act WHEN 'order' THEN NEW.payment ELSE old.payment END,
        CASE NEW.act WHEN 'reserve' THEN NEW.line ELSE old.line END
    )
    ON CONFLICT (entitlement) DO UPDATE SET state = excluded.state, held = excluded.held,
        number = excluded.number, payment = excluded.payment, line = excluded.line;
    RETURN NULL;
END $$;
CREATE TRIGGER fund_step_is_taken AFTER INSERT ON fund_step
    FOR EACH ROW EXECUTE FUNCTION fund_take_step();

CREATE FUNCTION fund_count() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- where one entry takes and gives, a balance may pass zero only at the end of the statement
    INSERT INTO fund_balance (line, account, amount)
    SELECT line, account, 0 FROM fresh GROUP BY line, account ORDER BY line, account
    ON CONFLICT (line, account) DO NOTHING;
    UPDATE fund_balance held SET amount = held.amount + added.amount
    FROM (SELECT line, account, sum(amount) AS amount FROM fresh GROUP BY line, account) added
    WHERE held.line = added.line AND held.account = added.account;
    RETURN NULL;
END $$;
CREATE TRIGGER fund_posting_is_counted AFTER INSERT ON fund_posting
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION fund_count();

CREATE FUNCTION fund_entry_balances() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    entry_id bigint := CASE TG_TABLE_NAME WHEN 'fund_entry' THEN to_jsonb(NEW)->'id'
        ELSE to_jsonb(NEW)->'entry' END;
BEGIN
    IF NOT EXISTS (SELECT FROM fund_posting WHERE entry = entry_id) OR EXISTS (
        SELECT FROM fund_posting WHERE entry = entry_id GROUP BY line HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'the postings of an entry add up to zero' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_entry_balances AFTER INSERT ON fund_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();
CREATE CONSTRAINT TRIGGER fund_posting_balances AFTER INSERT ON fund_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_entry_balances();

-- What the books hold for an entitlement is what its state says, at every commit.
CREATE FUNCTION fund_books_agree() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.entitlement IS NOT NULL AND EXISTS (
        SELECT FROM (
            SELECT account, sum(amount) AS amount FROM fund_posting
            WHERE entitlement = NEW.entitlement AND account <> 'available' GROUP BY account
        ) posted FULL JOIN (
            SELECT holds.account, CASE holds.part WHEN 'gross' THEN owed.gross
                WHEN 'tax' THEN owed.tax ELSE owed.gross - owed.tax END AS amount
            FROM fund_entitlement owed
                JOIN fund_standing standing ON standing.entitlement = owed.id
                JOIN (VALUES ('reserved', 'reserved', 'gross'), ('ordered', 'reserved', 'gross'), ('sent', 'payable', 'gross'), ('paid', 'paid', 'net'), ('paid', 'tax_withheld', 'tax'), ('failed', 'reserved', 'gross'), ('reversed', 'reserved', 'gross')) AS holds (state, account, part)
                    ON holds.state = standing.state
            WHERE owed.id = NEW.entitlement
        ) expected ON expected.account = posted.account
        WHERE coalesce(posted.amount, 0) <> coalesce(expected.amount, 0)
    ) THEN
        RAISE EXCEPTION 'the books do not hold what entitlement % stands for', NEW.entitlement
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_step_agrees AFTER INSERT ON fund_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_books_agree();
CREATE CONSTRAINT TRIGGER fund_posting_agrees AFTER INSERT ON fund_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_books_agree();
