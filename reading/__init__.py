"""Reading without a screen, shared by the pages and the command line: exports, tables that somebody brings, status."""
