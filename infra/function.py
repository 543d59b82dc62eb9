"""One Lambda function: its role, its log group and what it may do."""

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

from infra.acceptance import accept
from infra.access import Allow
from infra.archive import digest
from infra.encryption import Key
from infra.messaging import Queue
from infra.settings import Settings


class Code(Construct):
    """The archive that all functions run from; they differ by handler."""

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
    """Where Lambda writes the logs of the function of that physical name."""
    return f"/aws/lambda/{function}"


class Function(Construct):
    """The function `name`, run from the package of that name.

    `may` is all that it can do, besides writing its own logs. Whatever makes AWS check
    the role (an invoke config, a mapping) must depend on `policy`.
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
        accept(
            self.log_group,
            CKV_AWS_338="three days are what is agreed; what lasts is in the tables",
        )
        role = IamRole(
            self,
            "role",
            name=self.name,
            assume_role_policy=_policy([ASSUMED_BY_LAMBDA]),
        )
        write_logs = Allow(
            ("logs:CreateLogStream", "logs:PutLogEvents"),
            (f"{self.log_group.arn}:*",),
        )
        self.policy = IamRolePolicy(
            self,
            "policy",
            name=self.name,
            role=role.name,
            policy=_policy([allow.statement() for allow in (write_logs, *may)]),
        )
        # For the reader, and for the test that wants every action taken.
        for allow in may:
            for action, reason in allow.only_on_aws.items():
                self.policy.add_override(f"//.only_on_aws.{action}", reason)
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
        accept(
            function,
            CKV_AWS_50="a request_id follows each request, through rows and logs",
            CKV_AWS_117="it talks to AWS alone: a VPC would cost, and hide nothing",
            CKV_AWS_272="who may deploy may change the code; hashes lock the rest",
        )
        self.arn = function.arn
        self.invoke_arn = function.invoke_arn


# No condition on the source: a role can only be passed to functions of its own account.
ASSUMED_BY_LAMBDA: dict[str, object] = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}


def _policy(statements: Sequence[Mapping[str, object]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
