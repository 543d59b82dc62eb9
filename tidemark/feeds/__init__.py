"""Post live trades from venues' public WebSockets to the webhook."""
