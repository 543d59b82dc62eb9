"""The errors of the services; each carries its evidence."""

from services.market.counts import counted


class TidemarkError(Exception):
    """The base class of every error that Tidemark raises."""


class InvalidValue(TidemarkError):
    """A field is invalid; `reason` names the field and what it needs."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.reason = f"{field}: {problem}"


class Unavailable(TidemarkError):
    """AWS still refused a part of a batch after all attempts; running again is safe."""

    def __init__(self, operation: str, code: str, count: int) -> None:
        super().__init__(f"{operation} refused {counted(count, 'time')}: {code}")
        self.operation, self.code, self.count = operation, code, count
