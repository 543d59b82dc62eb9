"""LocalStack plugin: adds what the open release lacks for Tidemark, and fixes it."""
