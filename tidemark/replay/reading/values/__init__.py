"""Single values of a file: times, numbers, sides, symbols and ids."""
