from tests.awards.conftest import entered, mate, public, winners  # noqa: F401
