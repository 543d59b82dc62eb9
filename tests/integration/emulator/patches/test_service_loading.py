"""A request waits until its service is loaded."""

from tests.integration.emulator.localstack import output_of

PROGRAM = """
from threading import Event, Thread
from types import SimpleNamespace

from localstack.aws.handlers.service_plugin import ServiceLoader
from localstack.services.plugins import Service

from tidemark_localstack.patches.localstack import service_loading

service_loading.apply()
begun, go_on, log = Event(), Event(), []


class Router:
    def add_skeleton(self, skeleton):
        begun.set()
        go_on.wait(30)
        log.append("routed")


class Manager:
    def exists(self, name):
        return True

    def require(self, name):
        return Service(name, skeleton=object())


loader = ServiceLoader(Manager(), Router())
context = SimpleNamespace(service=SimpleNamespace(service_name="logs"))


def request(name):
    loader.require_service(None, context, None)
    log.append(name)


first = Thread(target=request, args=["first"])
second = Thread(target=request, args=["second"])
first.start()
begun.wait(30)
second.start()
second.join(0.5)
print(log)
go_on.set()
first.join()
second.join()
print(log[0], sorted(log[1:]))
"""


def test_a_request_waits_until_its_service_has_its_operations() -> None:
    assert output_of(PROGRAM)[-2:] == ["[]", "routed ['first', 'second']"]
