"""Numbers that somebody brings: judged by the database (claims), by their own rows (check), or as tests (trend_table)."""
