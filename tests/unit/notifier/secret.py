"""Secrets Manager with one secret, which counts how often it is read."""

from dataclasses import dataclass

from tests.unit.fakes import refusal


@dataclass
class FakeSecrets:
    """`value` is the secret's, or None before it has one; `breaks` a refusal's code."""

    value: str | None = None
    breaks: str = ""
    reads: int = 0

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:
        self.reads += 1
        if self.breaks or self.value is None:
            raise refusal("GetSecretValue", self.breaks or "ResourceNotFoundException")
        return {"SecretString": self.value}
