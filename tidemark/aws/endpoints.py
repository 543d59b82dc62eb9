"""The configured addresses to which calls go in place of AWS's own.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

import re
from collections.abc import Iterator, Mapping

from botocore.session import Session

from tidemark.machine.errors import ToolError

VARIABLE = re.compile(r"AWS_ENDPOINT_URL(_[A-Z0-9_]+)?")
# https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/guides/custom-service-endpoints
ONLY_OF_THE_PROVIDER = re.compile(r"(TF_)?AWS_(DYNAMODB|IAM|S3|STS)_ENDPOINT")


def configured(environment: Mapping[str, str]) -> list[str]:
    """Return each address with the place that names it, such as
    `AWS_ENDPOINT_URL=http://localhost:5000`.
    """
    session = Session()
    if session.get_config_variable("ignore_configured_endpoint_urls"):
        return []
    return [*_of_variables(environment, VARIABLE), *_of_profile(session)]


def refuse_differing(environment: Mapping[str, str]) -> None:
    """Raise `ToolError` for an address that only Terraform's provider would use."""
    for found in _of_variables(environment, ONLY_OF_THE_PROVIDER):
        service = found.split("_ENDPOINT=")[0].rpartition("_")[2]
        raise ToolError(
            f"{found}: Terraform's provider would call another AWS than the checks "
            f"before a deployment do. Set AWS_ENDPOINT_URL_{service} instead."
        )


def _of_variables(
    environment: Mapping[str, str], pattern: re.Pattern[str]
) -> Iterator[str]:
    for name, value in sorted(environment.items()):
        if value and pattern.fullmatch(name):
            yield f"{name}={value}"


def _of_profile(session: Session) -> Iterator[str]:
    profile = session.get_scoped_config()
    name = session.profile or "default"
    if url := profile.get("endpoint_url"):
        yield f"endpoint_url={url} of profile {name}"
    services = session.full_config.get("services", {}).get(profile.get("services"), {})
    for service, values in sorted(services.items()):
        if isinstance(values, dict) and (url := values.get("endpoint_url")):
            yield f"endpoint_url={url} of {service} in profile {name}"
