"""The message formats that the webhook reads: Tidemark's own and the venues'."""
