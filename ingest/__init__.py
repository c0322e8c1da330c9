"""Room card: turns pages into evaluations. Never imports streamlit, duckdb, store or scoring."""
