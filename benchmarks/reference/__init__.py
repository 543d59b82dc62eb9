"""The founding system, written anew: the two handlers, and how they are deployed."""
