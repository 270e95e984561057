"""The random days of `tests/domain/test_visits.py`, many more and longer ones."""

from hypothesis import HealthCheck, settings
from support.street import Street

TestManyVisits = Street.TestCase
TestManyVisits.settings = settings(max_examples=2000, stateful_step_count=50, suppress_health_check=list(HealthCheck))
