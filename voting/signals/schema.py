"""The key of the signals."""

KEYS = """
ALTER TABLE ballot_signal DROP CONSTRAINT ballot_signal_pkey,
    ADD PRIMARY KEY (contest_id, sequence);
"""

STATEMENTS = (KEYS,)
