"""Which target the tests run on: a local cloud of their own, or what is on AWS."""

import os

ON_AWS = os.environ.get("TARGET") == "aws"
# AWS waits a minute, then two, before it tries a failed event again; a local cloud may
# share its processors with much else.
PATIENCE_S = 300
