"""Patches of DynamoDB."""
