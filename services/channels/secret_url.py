"""What channels have in common whose secret is their URL: who has it can post."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar, Self

from services.channels import fields
from services.channels.fields import Definition


@dataclass(frozen=True, slots=True)
class SecretUrl:
    """A URL of one of `HOSTS`, as `ACCEPTED` describes it to people."""

    url: str = field(repr=False)

    HOSTS: ClassVar[tuple[str, ...]]
    ACCEPTED: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]] = ("url",)
    one_message: ClassVar[bool] = True
    most_bytes: ClassVar[int] = 200 * 1024

    @classmethod
    def of(cls, given: Definition, *, test_hosts: Collection[str]) -> Self:
        """Raise `InvalidValue`."""
        return cls(
            fields.url_of(
                given,
                "url",
                accepted=cls.ACCEPTED,
                test_hosts=test_hosts,
                hosts=cls.HOSTS,
            )
        )

    @property
    def host(self) -> str:
        return fields.host_of(self.url)

    @property
    def secrets(self) -> tuple[str, ...]:
        return fields.secret_parts(self.url)
