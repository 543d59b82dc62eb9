"""Which local cloud the commands use."""

from tidemark import paths
from tidemark.cloud import Cloud
from tidemark.given_cloud import GivenCloud
from tidemark.host_cloud import HostCloud


def at(port: int) -> Cloud:
    """The one on this port."""
    kind = GivenCloud if paths.IMAGE else HostCloud
    return kind(port, paths.cloud_dir(port))
