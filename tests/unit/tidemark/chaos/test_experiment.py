import pytest

from infra.settings import SettingsError, load_settings
from tidemark.chaos.experiment import AGE_S


def test_the_alerts_of_an_experiment_are_too_old_to_be_sent_with_any_setting() -> None:
    with pytest.raises(SettingsError, match=r"^ALERT_MAX_AGE_S="):
        load_settings(env_file=None, alert_max_age_s=AGE_S)
