"""Patches of CloudWatch alarms."""
