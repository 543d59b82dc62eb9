"""Live trades: venues' public WebSockets into the webhook."""
