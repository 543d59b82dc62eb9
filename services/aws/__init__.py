"""Batched calls to AWS, with retries of what a successful response refuses."""
