"""Serve the calls that functions make, beside LocalStack's own port.

LocalStack's web server takes several times as long for a request as DynamoDB Local
does. Here, calls for rows go to DynamoDB Local as they are, and all others to
LocalStack's handlers without its web server.
"""
