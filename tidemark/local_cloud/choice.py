"""Which local cloud the commands use."""

from tidemark.local_cloud.cloud import Cloud
from tidemark.local_cloud.container import GivenCloud
from tidemark.local_cloud.process import HostCloud
from tidemark.machine import paths


def at(port: int) -> Cloud:
    """The one on this port."""
    kind = GivenCloud if paths.IMAGE else HostCloud
    return kind(port, paths.cloud_dir(port))
