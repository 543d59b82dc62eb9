"""What an environment has stored, read the way trading code would read it."""
