"""Deploy to AWS: identify the account, plan, check, show, ask, apply."""
