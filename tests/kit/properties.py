"""What hypothesis is not to complain of."""

from __future__ import annotations

from hypothesis import HealthCheck

UNTIMED = (HealthCheck.too_slow,)  # a loaded machine is no fault of the test's
SHARES_FIXTURE = (
    *UNTIMED,
    HealthCheck.function_scoped_fixture,
)  # every example begins with what the last left
