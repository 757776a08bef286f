"""Short histories for the tests of the checker: what happened to one user, in any unit of time."""

from collections.abc import Iterable

from tests.faults.history import Outcome, What
from tests.faults.operations import FOREVER, Act, History, Sight, Sights

USER = 1


def wrote(value: int, version: int, invoked: int, returned: int, required: int = 0) -> Act:
    """Return a write that was acknowledged."""
    return Act(What.WRITE, 1, USER, value, required, invoked, returned, Outcome.OK, version, value, 200)


def failed(value: int, invoked: int, returned: int) -> Act:
    return Act(What.WRITE, 1, USER, value, 0, invoked, returned, Outcome.FAILED)


def unknown(value: int, invoked: int, returned: int = FOREVER, required: int = 0) -> Act:
    return Act(What.WRITE, 1, USER, value, required, invoked, returned)


def ordered(key: int, order_id: int, invoked: int, returned: int) -> Act:
    return Act(What.ORDER, 1, key, 0, 0, invoked, returned, Outcome.OK, 0, order_id, 201)


def not_ordered(key: int, outcome: Outcome, invoked: int, returned: int) -> Act:
    return Act(What.ORDER, 1, key, 0, 0, invoked, returned, outcome)


def logged_out(session: int, invoked: int, returned: int, outcome: Outcome = Outcome.OK) -> Act:
    return Act(What.LOGOUT, 1, session, 0, 0, invoked, returned, outcome)


def saw(version: int, value: int, invoked: int, returned: int) -> Sight:
    return Sight(2, invoked, returned, version, value)


def let_in(invoked: int, returned: int) -> Sight:
    return Sight(2, invoked, returned, 0, 1)


def refused(invoked: int, returned: int) -> Sight:
    return Sight(2, invoked, returned, 0, 0)


def history(acts: Iterable[Act], reads: Iterable[Sight] = (), looks: Iterable[Sight] = (), session: int = 5) -> History:
    in_order = sorted(acts, key=lambda act: act.invoked)
    return History(in_order, {USER: _all(reads)} if reads else {}, {session: _all(looks)} if looks else {})


def _all(found: Iterable[Sight]) -> Sights:
    sights = Sights()
    for sight in found:
        sights.add(*sight)
    return sights
