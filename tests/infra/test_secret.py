from tests.infra.synthesised import Stack, ref


def test_the_secret_of_the_channels_is_encrypted_and_gone_once_destroyed(
    local: Stack,
) -> None:
    secret = local.one("aws_secretsmanager_secret")

    assert secret["name"] == "alert-channels-blue"
    assert secret["kms_key_id"] == ref("aws_kms_key", "key", "arn")
    assert secret["recovery_window_in_days"] == 0


def test_terraform_knows_no_value_of_the_secret(local: Stack) -> None:
    kinds = {kind for kind in local.document["resource"] if "secret" in kind}

    assert kinds == {"aws_secretsmanager_secret"}


def test_the_secret_says_who_writes_and_who_reads_it(local: Stack) -> None:
    secret = local.one("aws_secretsmanager_secret")

    assert secret["description"] == ("Written by `tidemark channels`, read by notifier")
