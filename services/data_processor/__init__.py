"""market-data message in, alert into market-alerts and trading-alerts."""
