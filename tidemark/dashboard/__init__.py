"""The live page: a read-only server on the loopback interface, and its static files."""
