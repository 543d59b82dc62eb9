from services.aws.clients import client


def test_a_client_retries_with_jitter_and_gives_up_before_its_function_does() -> None:
    config = client("dynamodb").meta.config

    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
    assert (config.connect_timeout, config.read_timeout) == (3, 10)
