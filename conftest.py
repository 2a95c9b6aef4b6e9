from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.fixtures_db", "tests.fixtures_browser"]

# A generated case may be slow on a busy machine; that is not a fault of the code.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")
