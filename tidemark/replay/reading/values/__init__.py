"""Parse single values of a file: times, numbers, sides, symbols and ids."""
