"""Find, start and stop the local cloud, which is a process or a container."""
