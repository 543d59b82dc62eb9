import pytest

from services.aws.isolation import isolated
from services.market.errors import InvalidValue, Unavailable
from tests.unit.fakes import refusal
from tests.unit.function_output import lines_written


def test_work_that_is_done_has_its_result() -> None:
    assert isolated(lambda: 42) == 42


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError()])
def test_what_nobody_expects_is_bad_data_and_told_of(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise error

    with pytest.raises(InvalidValue, match=f"record: raised {type(error).__name__}"):
        isolated(work, message_id="7")

    (line,) = lines_written(capsys, level="ERROR")
    assert (line["message"], line["message_id"]) == ("record isolated", "7")
    assert line["exception_name"] == type(error).__name__


@pytest.mark.parametrize(
    "error",
    [
        InvalidValue("price", "is missing"),
        Unavailable("Query", "Throttled", 1),
        refusal("Query", "Throttled"),
    ],
)
def test_what_is_expected_is_left_to_those_who_expect_it(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        isolated(work)

    assert raised.value is error
    assert capsys.readouterr().out == ""


def test_the_end_of_the_process_is_no_failure_of_a_record() -> None:
    def work() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        isolated(work)


def test_a_long_message_is_cut() -> None:
    def work() -> None:
        raise ValueError("x" * 10_000)

    with pytest.raises(InvalidValue) as refused:
        isolated(work)

    assert len(refused.value.reason) < 300
