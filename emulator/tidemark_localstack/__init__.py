"""LocalStack plugin: add what the open release lacks for Tidemark, and fix its bugs."""
