"""The keys of the fraud cases."""

KEYS = """
ALTER TABLE fraud_case_ballot DROP CONSTRAINT fraud_case_ballot_pkey,
    ADD PRIMARY KEY (case_id, sequence),
    ADD FOREIGN KEY (case_id) REFERENCES fraud_case (id),
    ADD FOREIGN KEY (contest_id, sequence) REFERENCES ballot (contest_id, sequence);
"""

STATEMENTS = (KEYS,)
