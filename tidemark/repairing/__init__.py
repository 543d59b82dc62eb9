"""Repair what an outage left behind: ticks to enrich and forward, alerts to publish."""
