"""What is deployed: one CDKTF stack for LocalStack and AWS."""
