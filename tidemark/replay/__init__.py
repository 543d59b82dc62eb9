"""Recordings and archives of trades: how they are read, and how they are replayed."""
