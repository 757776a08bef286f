"""The headers that tell clients where they stand (draft-ietf-httpapi-ratelimit-headers-11)."""

from collections.abc import Sequence

from roster.infrastructure.rate_limits.models import Verdict


def of_verdicts(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Return the headers about these verdicts; none without a limit."""
    if not verdicts:
        return {}
    policies = [f'"{policy.name}";q={policy.quota};w={policy.window_seconds}' for policy, *_ in verdicts]
    left = [f'"{each.policy.name}";r={each.remaining};t={each.wait_seconds}' for each in verdicts]
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}
