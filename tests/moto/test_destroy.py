"""What is left in the end: nothing."""

from tests.moto.stages import Destroyed


def test_destroy_leaves_nothing(destroyed: Destroyed) -> None:
    assert destroyed.there == []


def test_destroy_says_what_aws_keeps(destroyed: Destroyed) -> None:
    assert "\nblue is destroyed.\n" in destroyed.said
    assert destroyed.said.count("has a system backup") == 4
    assert destroyed.said.count("will be deleted on") == 1


def test_a_second_destroy_finds_nothing(destroyed: Destroyed) -> None:
    assert destroyed.said_again == "blue is not deployed.\n"
