from pathlib import Path

from tidemark.terraform import variables


def test_a_configuration_file_that_is_missing_is_not_named() -> None:
    given = variables.for_aws({"TF_CLI_CONFIG_FILE": "/nowhere", "A": "1"})

    assert "TF_CLI_CONFIG_FILE" not in given
    assert given["A"] == "1"
    assert given["CHECKPOINT_DISABLE"] == "1"


def test_a_configuration_file_that_exists_is_kept(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.touch()

    given = variables.for_aws({"TF_CLI_CONFIG_FILE": str(config)})

    assert given["TF_CLI_CONFIG_FILE"] == str(config)


def test_no_variable_of_the_user_moves_the_state_or_chooses_an_account() -> None:
    given = variables.for_local_cloud(
        {"TF_WORKSPACE": "x", "TF_CLI_ARGS_apply": "x", "AWS_PROFILE": "x"}
    )

    assert not {"TF_WORKSPACE", "TF_CLI_ARGS_apply", "AWS_PROFILE"} & given.keys()


def test_the_local_cloud_is_never_behind_a_proxy() -> None:
    given = variables.for_aws({"NO_PROXY": "example.com"})

    assert given["NO_PROXY"] == "example.com,localhost,127.0.0.1"
