"""Log lines of the other functions in, notifications to pipeline-errors out."""
