"""Webhook in, ticks into crypto-prices, what is wrong into the dead-letter queue."""
