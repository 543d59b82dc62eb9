"""Terraform: the synthesised stack, its state, its plans, and the runs on it."""
