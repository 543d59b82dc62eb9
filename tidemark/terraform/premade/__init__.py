"""Resources that are created before Terraform runs, on the local cloud alone.

Terraform's AWS provider waits 25 s for a queue or its policy, 13 s for a key and 5 s
for a function, one function after the other. Their services need no time.
"""
