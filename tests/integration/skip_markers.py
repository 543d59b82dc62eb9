"""Markers that skip tests on machines without what they need."""

import shutil

import pytest

# Debian's slim images lack it. Machines without /proc (macOS) always have it.
needs_ps = pytest.mark.skipif(not shutil.which("ps"), reason="there is no `ps` here")
