"""The infrastructure: one CDKTF stack for LocalStack and AWS."""
