"""webhook-processor: store the ticks of a webhook, quarantine bad data."""
