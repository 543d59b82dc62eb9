"""What runs in Lambda: one package per function, and the packages they share."""
