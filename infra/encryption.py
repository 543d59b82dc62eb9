"""The environment's one customer-managed key, and the policy on its use."""

import json

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from infra.permissions import Allow
from infra.settings import Settings

USE = (
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


class Key(Construct):
    """The key for functions' environments, tables, queues, topics and log groups.

    CloudWatch Logs may use it only for the groups that `log_groups` names, and SNS only
    to deliver from `topic` to an encrypted queue.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        account_id: str,
        log_groups: list[str],
        topic: str,
    ) -> None:
        super().__init__(scope, id_)
        self._region = settings.aws_region
        self._account = account_id
        key = KmsKey(
            self,
            "Default",
            description=f"Tidemark, {settings.environment_suffix}",
            enable_key_rotation=True,
            deletion_window_in_days=7,
            policy=self._policy(log_groups, topic),
        )
        self.id = key.key_id
        self.arn = key.arn
        # Queues name the key by its alias: unlike the key's id it is known before the
        # key exists, which is what lets a queue be planned down to its last attribute.
        self.alias_name = f"alias/{settings.name('tidemark')}"
        self.alias = KmsAlias(
            self, "alias", name=self.alias_name, target_key_id=key.key_id
        )
        self.use = Allow(("kms:Decrypt", "kms:GenerateDataKey"), (key.arn,))

    def _policy(self, log_groups: list[str], topic: str) -> str:
        account = {"AWS": f"arn:aws:iam::{self._account}:root"}
        logs = {"Service": f"logs.{self._region}.amazonaws.com"}
        alarms = {"Service": "cloudwatch.amazonaws.com"}
        groups = f"arn:aws:logs:{self._region}:{self._account}:log-group:"
        # `DescribeKey` has no such context; Logs does not need the permission.
        ours = {
            "kms:EncryptionContext:aws:logs:arn": [groups + name for name in log_groups]
        }
        # Named, not referred to: the topic itself is encrypted with this key.
        source = f"arn:aws:sns:{self._region}:{self._account}:{topic}"
        statements = [
            # Lets the account's own IAM policies, such as those of functions' roles,
            # allow its use. Without PutKeyPolicy nobody could change this policy.
            _statement("Account", account, ADMINISTER + USE),
            _statement("Logs", logs, USE, StringEquals=ours),
            _statement(
                "Alarms",
                alarms,
                ("kms:Decrypt", "kms:GenerateDataKey"),
                StringEquals={"aws:SourceAccount": self._account},
            ),
            _statement(
                "Notifications",
                {"Service": "sns.amazonaws.com"},
                ("kms:Decrypt", "kms:GenerateDataKey"),
                ArnEquals={"aws:SourceArn": source},
                StringEquals={"aws:SourceAccount": self._account},
            ),
        ]
        return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _statement(
    sid: str, principal: dict[str, str], actions: tuple[str, ...], **condition: object
) -> dict[str, object]:
    statement: dict[str, object] = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": sorted(actions),
        "Resource": "*",  # in a key policy: this key
    }
    return statement | ({"Condition": condition} if condition else {})
