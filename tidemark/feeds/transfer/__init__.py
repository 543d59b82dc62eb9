"""From a WebSocket or a file to the webhook, and what became of each trade."""
