"""Calls to AWS in batches, with retries of what comes back inside a 200."""
