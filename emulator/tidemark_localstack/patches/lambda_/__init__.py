"""Patches of Lambda."""
