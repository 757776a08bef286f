"""GET /api/health: whether the API and what stands behind it answer, and how fast."""

from roster.api.endpoint import endpoint
from roster.api.results import Unhealthy
from roster.infrastructure.health import Health
from roster.wiring import health


@endpoint()
def handler() -> Health | Unhealthy:
    report = health.check()
    return Unhealthy(report) if report.status == "down" else report
