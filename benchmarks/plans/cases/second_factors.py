"""Second factors, and logins that wait for a code."""

from collections.abc import Callable

from roster.infrastructure.sealed import Sealed
from roster.second_factors.repository import Factor, Proof
from roster.second_steps.repository import NewStep

from benchmarks.plans import sample
from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ORDINARY, ORDINARY_ID

_WITHOUT_ID = ORDINARY_ID + 1
_STEP = Proof(step=101)
_CODE = Proof(code_hash=sample.hashed(f"code {10 * ORDINARY}"))
_CODES = [sample.hashed(f"new code {number}") for number in range(10)]
_CHALLENGE = sample.hashed(f"challenge {ORDINARY}")
_SEALED = Sealed("another key", b"secret")


def _factor(on: Adapters, user_id: int = ORDINARY_ID) -> Factor:
    found = on.factors.find(user_id)
    assert found
    return found


def _confirm(on: Adapters) -> bool:
    on.factors.enrol(_WITHOUT_ID, _SEALED)
    return on.factors.confirm(_factor(on, _WITHOUT_ID), 1, _CODES)


def _begin(on: Adapters) -> None:
    account = on.accounts.find(ORDINARY_ID)
    assert account
    on.steps.add(NewStep(sample.hashed("a new challenge"), ORDINARY_ID, account.password_changed_at))


CASES: dict[str, Callable[[Adapters], object]] = {
    "a second factor": _factor,
    "a second factor is enrolled and confirmed": _confirm,
    "new recovery codes": lambda on: on.factors.renew_codes(ORDINARY_ID, _STEP, _CODES),
    "a second factor is disabled": lambda on: on.factors.disable(ORDINARY_ID, _CODE),
    "a second factor is taken away": lambda on: on.factors.remove(ORDINARY_ID),
    "a secret under a new key": lambda on: on.factors.reseal(_factor(on), _SEALED),
    "a login begins to wait": _begin,
    "a try at a login that waits": lambda on: on.steps.take_try(_CHALLENGE),
    "a login by a code of the app": lambda on: on.steps.finish(_CHALLENGE, ORDINARY_ID, _STEP),
    "a login by a recovery code": lambda on: on.steps.finish(_CHALLENGE, ORDINARY_ID, _CODE),
}
