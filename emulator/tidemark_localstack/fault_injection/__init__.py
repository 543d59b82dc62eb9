"""Faults that tests inject into the local cloud, off unless somebody asks for them."""
