"""The validated settings of one environment, from the environment and `.env`.

Every other part of the project receives a `Settings`; no other module reads these
variables. The description of a field names the values that it accepts; error messages
quote it.
"""

import json
import os
from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from infra import env_file as env_files
from services.market.errors import InvalidValue
from services.market.marks import Band, read_bands, read_mark
from services.market.money import plain

ENV_FILE = Path(__file__).resolve().parents[1] / ".env"

MARKS_BYTES = 2048  # Lambda accepts 4 KB of environment in all
REGION = r"^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-[0-9]$"

TagValue = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 _.:/=+@-]{1,256}$")]


def _mark(given: object) -> Decimal:
    try:
        return Decimal(plain(read_mark("mark", given)))  # 150, never 1.5E+2
    except InvalidValue as error:
        raise ValueError(error.reason) from error


def _plain_marks(text: str) -> str:
    """Return the same marks as compact JSON, with prices as plain decimal strings."""
    try:
        bands = read_bands(text)
    except InvalidValue as error:
        raise ValueError(error.reason) from error
    text = json.dumps(
        {symbol: _plain_band(band) for symbol, band in bands.items()},
        separators=(",", ":"),
    )
    if len(text) > MARKS_BYTES:
        raise ValueError(f"more than {MARKS_BYTES} bytes")
    return text


def _plain_band(band: Band) -> dict[str, str]:
    sides = {"high": band.high, "low": band.low}
    return {side: plain(mark) for side, mark in sides.items() if mark is not None}


Mark = Annotated[Decimal, BeforeValidator(_mark)]


class SettingsError(ValueError):
    """The settings are invalid; `problems` has one line per variable."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Settings(BaseModel):
    """The settings of one environment, which `ENVIRONMENT_SUFFIX` identifies."""

    model_config = ConfigDict(frozen=True)

    target: Literal["local", "aws"] = Field("local", description="local or aws")
    environment_suffix: str = Field(
        "dev",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$",
        description="1 to 20 of a-z, 0-9 and -, with no - at either end",
    )
    aws_region: str = Field(
        "us-east-1",
        pattern=REGION,
        description="a region of AWS's commercial partition, such as us-east-1",
    )
    localstack_port: int = Field(
        4566, ge=1, le=65535, description="a port from 1 to 65535"
    )
    tidemark_runtime: Literal["auto", "docker", "host"] = Field(
        "auto", description="auto, docker or host"
    )
    stream_batch_size: int = Field(
        1000, ge=1, le=10_000, description="a whole number from 1 to 10000"
    )
    stream_batch_window_s: int = Field(
        0, ge=0, le=300, description="a number of seconds from 0 to 300"
    )
    stream_parallelization: int = Field(
        1, ge=1, le=10, description="a whole number from 1 to 10"
    )
    stream_retries: int = Field(
        -1,
        ge=-1,
        le=10_000,
        description="a whole number from 0 to 10000, or -1 for 24 hours of retries",
    )
    alert_batch_size: int = Field(
        25, ge=1, le=10_000, description="a whole number from 1 to 10000"
    )
    volatility_window: int = Field(
        50, ge=2, le=1000, description="a whole number from 2 to 1000"
    )
    raw_data_max: int = Field(
        512, ge=0, le=65_536, description="a number of bytes from 0 to 65536"
    )
    price_high: Mark = Field(
        Decimal(150),
        description="0, or a decimal from 1e-24 to 1e24 of at most 38 digits",
    )
    price_low: Mark = Field(
        Decimal(50), validate_default=True, description="a decimal below PRICE_HIGH"
    )
    price_marks: Annotated[str, AfterValidator(_plain_marks)] = Field(
        "{}",
        description='at most 2 KB of JSON like {"BTC-USD": {"high": 100000, '
        '"low": 50000}}, low below high',
    )
    alert_mode: Literal["crossing", "every"] = Field(
        "crossing", description="crossing or every"
    )
    alert_max_age_s: int = Field(
        3600, ge=1, le=31_536_000, description="a number of seconds from 1 to 31536000"
    )
    alert_email: str | None = Field(
        None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="an e-mail address"
    )
    channel_test_hosts: str = Field(
        "",
        pattern=r"^([a-z0-9.-]+:[0-9]{1,5}(,[a-z0-9.-]+:[0-9]{1,5})*)?$",
        description="empty, or for TARGET=local servers such as localhost:9000",
    )
    webhook_rate: int = Field(
        500, ge=1, le=10_000, description="requests a second from 1 to 10000"
    )
    webhook_burst: int = Field(
        1000, ge=1, le=5000, description="a number of requests from 1 to 5000"
    )
    data_processor_memory: int = Field(
        3072, ge=128, le=10_240, description="megabytes from 128 to 10240"
    )
    team: TagValue = Field(
        "market-data", description="1 to 256 letters, digits, spaces and _.:/=+@-"
    )
    cost_center: TagValue = Field(
        "tidemark", description="1 to 256 letters, digits, spaces and _.:/=+@-"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    reserved_concurrency: bool = Field(
        True, description="on, or off for accounts too small to reserve any"
    )
    terraform: str | None = Field(
        None, description="terraform, tofu, or the path of either"
    )
    terraform_plugin_dir: Path | None = Field(
        None, description="a folder that holds registry.terraform.io/…"
    )
    state_bucket: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="the name of an S3 bucket",
    )
    state_key: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_.=-]+(/[A-Za-z0-9_.=-]+)*$",
        max_length=1000,
        description="with STATE_BUCKET, a key such as prices/dev.tfstate",
    )
    state_region: str | None = Field(
        None, pattern=REGION, description="with STATE_BUCKET, the region it is in"
    )

    @field_validator("price_low")
    @classmethod
    def _low_is_below_high(cls, low: Decimal, info: ValidationInfo) -> Decimal:
        try:
            Band(high=info.data.get("price_high"), low=low)
        except InvalidValue as error:
            raise ValueError(error.reason) from error
        return low

    @field_validator("channel_test_hosts")
    @classmethod
    def _is_local_only(cls, hosts: str, info: ValidationInfo) -> str:
        if hosts and info.data.get("target") != "local":
            raise ValueError("with TARGET=aws")
        return hosts

    @field_validator("state_key", "state_region")
    @classmethod
    def _needs_a_bucket(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and not info.data.get("state_bucket"):
            raise ValueError("without STATE_BUCKET")
        return value

    @property
    def endpoint_url(self) -> str:
        """The address of the AWS services; empty for AWS itself."""
        if self.target == "aws":
            return ""
        return f"http://localhost:{self.localstack_port}"

    @property
    def home(self) -> Path:
        """The folder of this environment, relative to `.tidemark`."""
        if self.target == "aws":
            return Path("aws", self.aws_region, self.environment_suffix)
        return Path("local", str(self.localstack_port), self.environment_suffix)

    def name(self, base: str) -> str:
        """Return the physical name of a resource in this environment."""
        return f"{base}-{self.environment_suffix}"


def load_settings(*, env_file: Path | None = ENV_FILE, **overrides: Any) -> Settings:
    """Return the settings. Overrides come first, then the environment, then `.env`.

    Raises SettingsError, which lists every bad line, bad value and likely misspelling.
    """
    file = env_files.read(env_file) if env_file else env_files.EnvFile()
    problems = _bad_lines(file) + _misspellings(file.values)
    given = _given(file.values) | _given(os.environ)
    try:
        settings = Settings(**(given | overrides))
    except ValidationError as error:
        problems += _bad_values(error)
        raise SettingsError(problems) from error
    if problems:
        raise SettingsError(problems)
    return settings


def _given(variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings among variables, in any case; an empty one is not given."""
    values = {name.lower(): value for name, value in variables.items() if value}
    return {name: values[name] for name in Settings.model_fields if name in values}


def _bad_lines(file: env_files.EnvFile) -> list[str]:
    return [
        f".env, line {number}: expected NAME=value or a # comment"
        for number in file.unreadable_lines
    ]


def _misspellings(names: Iterable[str]) -> list[str]:
    known = [field.upper() for field in Settings.model_fields]
    unknown = (name for name in names if name not in known)
    return [
        f"{name} is not a setting; did you mean {close[0]}?"
        for name in unknown
        if (close := get_close_matches(name.upper(), known, n=1, cutoff=0.8))
    ]


def _bad_values(error: ValidationError) -> list[str]:
    lines = {}
    for problem in error.errors():
        field = str(problem["loc"][0])
        allowed = Settings.model_fields[field].description
        lines[field] = f"{field.upper()}={problem['input']}: expected {allowed}"
    return list(lines.values())
