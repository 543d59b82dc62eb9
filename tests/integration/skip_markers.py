"""What some tests need of the machine."""

import shutil

import pytest

# Debian's slim images have none, and a machine without /proc (macOS) always has.
needs_ps = pytest.mark.skipif(not shutil.which("ps"), reason="there is no `ps` here")
