"""What can be wrong with data, in one family; each error carries its evidence."""


class TidemarkError(Exception):
    """The root of everything Tidemark raises itself."""


class InvalidValue(TidemarkError):
    """A field breaks the contract; `reason` names the field and what it needs."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.reason = f"{field}: {problem}"


class Unavailable(TidemarkError):
    """AWS still refused part of a batch after all attempts; safe to run again."""

    def __init__(self, operation: str, code: str, count: int) -> None:
        super().__init__(f"{operation} refused {count} times: {code}")
        self.operation, self.code, self.count = operation, code, count
