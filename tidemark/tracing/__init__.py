"""The hops of requests through the pipeline, from rows, log lines and dead letters."""
