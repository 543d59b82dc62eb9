from tests.unit.tidemark.conftest import aws  # noqa: F401 (a fixture)
