"""Keys and checks of the Merkle log."""

KEYS = """
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
"""

STATEMENTS = (KEYS,)
