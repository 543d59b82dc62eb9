"""Alert rules from the command line: checked, stored, tried, and listed with states."""
