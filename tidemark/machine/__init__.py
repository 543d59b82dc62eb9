"""Files, processes and Python environments of this machine: standard library only."""
