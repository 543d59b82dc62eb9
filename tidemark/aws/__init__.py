"""What it takes to change an environment on AWS: say where, check, show, ask, do."""
