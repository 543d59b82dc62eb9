"""The tool on your machine behind the Make targets."""
