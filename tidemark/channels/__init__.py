"""The definitions of channels: ask for their fields, keep them in their secret."""
