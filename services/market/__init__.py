"""The language all services share: ticks, symbols, money, time and what is wrong."""
