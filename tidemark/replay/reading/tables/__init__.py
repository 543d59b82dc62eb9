"""Rows of tables: which columns hold what, and how a row becomes a tick."""
