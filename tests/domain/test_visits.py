"""Random days at a locker. The long ones are lived through in `make system-test`."""

from hypothesis import HealthCheck, settings
from support.street import Street

TestStreet = Street.TestCase
TestStreet.settings = settings(
    max_examples=100, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
