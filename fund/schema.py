"""What Piccolo cannot say about the tables: keys over several columns, and triggers.

The ways of an entitlement and the accounts that hold its money are written into the database
from the rules themselves, so the two cannot differ. Triggers that keep a table run with their
owner's rights: the app itself may only read standings and balances.
"""

from fund.rules.books import Amounts, where
from fund.rules.states import ENDS_HOLD, OF_THE_PAYMENT, STOPPED_BY_HOLD, TRANSITIONS, Act, State

KEYS = """
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
"""


def _words(values: object) -> str:
    return ", ".join(f"'{one}'" for one in sorted(values))  # type: ignore[call-overload]


_WAYS = ", ".join(
    f"('{before}', '{act}', '{after}')"
    for before, act, after in sorted((b or "", a, t) for (b, a), t in TRANSITIONS.items())
)

STEPS = f"""
CREATE FUNCTION fund_take_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old fund_standing;
    goes text;
BEGIN
    SELECT * INTO old FROM fund_standing WHERE entitlement = NEW.entitlement FOR UPDATE;
    SELECT way.after INTO goes FROM (VALUES {_WAYS}) AS way (before, act, after)
        WHERE way.before = coalesce(old.state, '') AND way.act = NEW.act;
    IF goes IS NULL OR NEW.number <> coalesce(old.number, 0) + 1
        OR (old.held AND NEW.act IN ({_words(STOPPED_BY_HOLD)}))
        OR (NEW.act IN ('{Act.HOLD}', '{Act.RELEASE}') AND old.held = (NEW.act = '{Act.HOLD}'))
        OR (NEW.act IN ({_words(OF_THE_PAYMENT)}) AND NEW.payment IS DISTINCT FROM old.payment)
        OR (NEW.act = '{Act.ORDER}' AND (NEW.payment IS NULL OR NEW.payment = old.payment))
        OR (NEW.act = '{Act.RESERVE}' AND NEW.line IS NULL)
    THEN
        RAISE EXCEPTION 'entitlement %: % does not fit % (step % after %)',
            NEW.entitlement, NEW.act, old.state, NEW.number, old.number USING ERRCODE = '23514';
    END IF;
    IF NEW.act = '{Act.SEND}' AND NOT EXISTS (
        SELECT FROM fund_payment payment JOIN fund_batch_sending sending USING (batch)
        WHERE payment.id = NEW.payment
    ) OR NEW.act IN ('{Act.REVERSE}', '{Act.CONFIRM}') AND NOT EXISTS (
        SELECT FROM fund_correction asked
            JOIN fund_correction_decision decision ON decision.correction = asked.id
        WHERE asked.payment = NEW.payment AND asked.act = NEW.act AND decision.approved
    ) THEN
        RAISE EXCEPTION '% needs its second person', NEW.act USING ERRCODE = '23514';
    END IF;
    INSERT INTO fund_standing (entitlement, state, held, number, payment, line)
    VALUES (
        NEW.entitlement, goes,
        NEW.act = '{Act.HOLD}'
            OR (coalesce(old.held, false) AND NEW.act NOT IN ({_words(ENDS_HOLD)})),
        NEW.number,
        CASE NEW.act WHEN '{Act.ORDER}' THEN NEW.payment ELSE old.payment END,
        CASE NEW.act WHEN '{Act.RESERVE}' THEN NEW.line ELSE old.line END
    )
    ON CONFLICT (entitlement) DO UPDATE SET state = excluded.state, held = excluded.held,
        number = excluded.number, payment = excluded.payment, line = excluded.line;
    RETURN NULL;
END $$;
CREATE TRIGGER fund_step_is_taken AFTER INSERT ON fund_step
    FOR EACH ROW EXECUTE FUNCTION fund_take_step();
"""  # noqa: S608 - only constants of the rules are put in

BALANCES = """
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
"""


def _holds() -> str:
    """(state, account, part) of the accounts that hold an entitlement's money, apart from the
    line's own: the rules are asked with amounts that tell the parts from each other."""
    parts = {5: "gross", 3: "net", 2: "tax"}
    rows = [
        f"('{state}', '{account}', '{parts[amount]}')"
        for state in State
        for account, amount in where(state, Amounts(5, 2)).items()
        if account != "available"
    ]
    return ", ".join(rows)


STANDS = f"""
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
                JOIN (VALUES {_holds()}) AS holds (state, account, part)
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
"""  # noqa: S608 - only constants of the rules are put in

STATEMENTS = (KEYS, STEPS, BALANCES, STANDS)
