"""Lambda execution environments as local processes. Knows nothing of LocalStack."""
