"""Patches of S3."""
