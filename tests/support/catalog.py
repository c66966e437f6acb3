"""What a database's catalogue says of its schema, to be compared with another's."""

import asyncpg

_QUESTIONS = {
    "column": """
        SELECT format('%s.%s', c.relname, a.attname),
            format('%s%s default %s %s', format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
                coalesce(pg_get_expr(d.adbin, d.adrelid), 'none'), a.attidentity)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraint": """
        SELECT format('%s.%s', conrelid::regclass, conname), pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    """,
    "index": """
        SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
    """,
    "trigger": """
        SELECT format('%s.%s', tgrelid::regclass, tgname), pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE pronamespace = 'public'::regnamespace
    """,
    "view": "SELECT viewname::text, definition FROM pg_views WHERE schemaname = 'public'",
    "sequence": """
        SELECT sequencename::text, format('%s %s', data_type, increment_by)
        FROM pg_sequences WHERE schemaname = 'public'
    """,
    "settings of a table": """
        SELECT relname::text, array_to_string(reloptions, ' ') FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
    """,
}
# Piccolo's own list of what has run.
_NOT_OURS = ("migration.", "migration_")


async def catalog(database_url: str) -> dict[str, str]:
    """Everything that a schema consists of, by kind and name."""
    connection = await asyncpg.connect(database_url)
    try:
        return {
            f"{kind} {name}": definition
            for kind, question in _QUESTIONS.items()
            for name, definition in await connection.fetch(question)
            if not name.startswith(_NOT_OURS)
        }
    finally:
        await connection.close()


def differences(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    """A line for each thing that is missing, too many or otherwise."""
    lines = []
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            lines.append(f"missing: {name}: {wanted[name]}")
        elif name not in wanted:
            lines.append(f"too many: {name}: {found[name]}")
        elif wanted[name] != found[name]:
            lines.append(f"otherwise: {name}: {found[name]}, not {wanted[name]}")
    return lines
