"""The dead-letter queues: read what is in them, send it back, drop it."""
