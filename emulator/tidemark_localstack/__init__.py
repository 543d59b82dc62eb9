"""LocalStack plugin: what its open release lacks to run Tidemark faithfully."""
