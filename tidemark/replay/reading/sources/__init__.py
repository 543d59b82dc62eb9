"""Files and archives, opened, unpacked and decoded as streams."""
