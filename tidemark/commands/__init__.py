"""One module per command, named by it. `cli.py` imports the one that is called."""
