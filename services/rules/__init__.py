"""Alert rules: their rows, which of them apply to a symbol, and when they fire.

data-processor judges ticks with this package, and the tool checks and tries rules with
it before they are stored.
"""
