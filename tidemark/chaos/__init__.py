"""Faults of the local cloud by name, and whether the pipeline survives them."""
