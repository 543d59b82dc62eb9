"""Patches of CloudWatch Logs."""
