"""Patches of what all services of LocalStack share."""
