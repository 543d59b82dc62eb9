"""Record who calls what in the local cloud, to test policies against it."""
