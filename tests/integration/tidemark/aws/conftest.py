from tests.unit.tidemark.aws.conftest import aws  # noqa: F401 (a fixture)
