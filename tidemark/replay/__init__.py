"""Recorded trades: read them, send them to the webhook, and see what became of them."""
