"""One Lambda function: its role, its log group and its permissions."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionDeadLetterConfig,
    LambdaFunctionEnvironment,
)
from constructs import Construct

from infra.archive import digest
from infra.checkov_exceptions import add_exceptions
from infra.encryption import Key
from infra.messaging import Queue
from infra.permissions import Allow
from infra.settings import Settings


class Code(Construct):
    """The archive that contains the code of all functions; they differ by handler."""

    def __init__(self, scope: Construct, id_: str, *, archive: Path) -> None:
        super().__init__(scope, id_)
        # Without a hash of its own the path is the same whatever the code is, and the
        # digest is all that tells two stacks with different code apart.
        asset = TerraformAsset(
            self,
            "archive",
            path=str(archive.resolve()),
            type=AssetType.FILE,
            asset_hash="latest",
        )
        self.path = asset.path
        self.digest = digest(archive)


def log_group_name(function: str) -> str:
    """Return the log group of the function with that physical name."""
    return f"/aws/lambda/{function}"


class Function(Construct):
    """The function `name`, whose handler is in the package of that name.

    `may` lists its permissions, apart from writing its own logs. Any resource for which
    AWS checks the role (an invoke config, a mapping) must depend on `policy`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        key: Key,
        code: Code,
        memory_mb: int,
        concurrency: int,
        environment: Mapping[str, str],
        may: Sequence[Allow],
        dead_letters: Queue | None = None,
    ) -> None:
        super().__init__(scope, name)
        self.name = settings.name(name)
        self.log_group = CloudwatchLogGroup(
            self,
            "logs",
            name=log_group_name(self.name),
            retention_in_days=3,
            kms_key_id=key.arn,
        )
        add_exceptions(self.log_group, LOG_GROUP_EXCEPTIONS)
        # A role's name is unique in the account, not in a region like all other names.
        role_name = settings.name(f"{name}-{settings.aws_region}")
        role = IamRole(
            self,
            "role",
            name=role_name,
            assume_role_policy=_policy([ASSUMED_BY_LAMBDA]),
        )
        write_logs = Allow(
            ("logs:CreateLogStream", "logs:PutLogEvents"),
            (f"{self.log_group.arn}:*",),
        )
        self.policy = IamRolePolicy(
            self,
            "policy",
            name=role_name,
            role=role.name,
            policy=_policy([allow.statement() for allow in (write_logs, *may)]),
        )
        for allow in may:
            add_exceptions(self.policy, allow.exceptions)
        function = LambdaFunction(
            self,
            "Default",
            function_name=self.name,
            role=role.arn,
            handler=f"services.{name.replace('-', '_')}.handler.lambda_handler",
            runtime="python3.13",
            architectures=["arm64"],
            memory_size=memory_mb,
            timeout=60,
            reserved_concurrent_executions=(
                concurrency if settings.reserved_concurrency else -1
            ),
            filename=code.path,
            source_code_hash=code.digest,
            environment=LambdaFunctionEnvironment(
                variables={
                    "POWERTOOLS_LOG_LEVEL": settings.log_level,
                    "POWERTOOLS_METRICS_NAMESPACE": "Tidemark",
                    "POWERTOOLS_SERVICE_NAME": self.name,
                    **environment,
                }
            ),
            kms_key_arn=key.arn,
            dead_letter_config=(
                LambdaFunctionDeadLetterConfig(target_arn=dead_letters.arn)
                if dead_letters
                else None
            ),
            depends_on=[self.policy, self.log_group],
        )
        add_exceptions(function, FUNCTION_EXCEPTIONS)
        self.arn = function.arn


LOG_GROUP_EXCEPTIONS = {
    "CKV_AWS_338": "logs are kept for three days; the tables keep what must last",
}
FUNCTION_EXCEPTIONS = {
    "CKV_AWS_50": "the request_id in rows and logs traces each request",
    "CKV_AWS_117": "it calls only AWS: a VPC would add cost and no protection",
    "CKV_AWS_272": "whoever can deploy can change the code; hashes lock the packages",
}

# No condition on the source: a role can only be passed to functions of its own account.
ASSUMED_BY_LAMBDA: dict[str, object] = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}


def _policy(statements: Sequence[Mapping[str, object]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
