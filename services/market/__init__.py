"""The vocabulary of all services: ticks, symbols, amounts, times and errors."""
