"""Read the bytes of a file as canonical ticks; give a reason for every other line."""
