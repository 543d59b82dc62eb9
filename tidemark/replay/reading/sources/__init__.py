"""Open, unpack and decode files and archives as streams."""
