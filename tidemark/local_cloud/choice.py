"""Choose the kind of local cloud that the commands use."""

from tidemark.local_cloud.cloud import Cloud
from tidemark.local_cloud.container import ContainerCloud
from tidemark.local_cloud.process import HostCloud
from tidemark.machine import paths


def at(port: int) -> Cloud:
    """Return the local cloud on a port."""
    kind = ContainerCloud if paths.IMAGE else HostCloud
    return kind(port, paths.cloud_dir(port))
