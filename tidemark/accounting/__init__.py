"""What the pipeline would cost on AWS, from what it does."""
