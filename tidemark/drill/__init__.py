"""A drill: an alert and alarms that are no real ones, followed to where they arrive."""
