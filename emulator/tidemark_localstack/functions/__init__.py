"""Lambda execution environments as local processes, independent of LocalStack."""
