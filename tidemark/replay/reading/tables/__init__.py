"""Rows of tables: find the columns of a tick's parts, and convert rows to ticks."""
