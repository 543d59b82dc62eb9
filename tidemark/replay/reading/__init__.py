"""From the bytes of a file to canonical ticks, with a reason for every other line."""
