"""log-forwarder: publish the error lines of the other functions."""
