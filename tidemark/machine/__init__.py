"""Files, processes and Python environments; imports only the standard library."""
