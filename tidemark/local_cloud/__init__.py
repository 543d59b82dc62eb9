"""The local cloud: start, find and stop it, as a process or in a container."""
