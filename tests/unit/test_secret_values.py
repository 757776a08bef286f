"""Settings that are secrets: values as they are, ARNs by what they lead to, and how old that may be."""

import pytest
from roster.errors import UnavailableError
from roster.infrastructure.secret_values import AWAY_SECONDS, SecretValues

from tests.racing import race
from tests.unit.fake_connections import FakeClock

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:roster-prod-signing-key-AbC123"
OTHER_ARN = ARN.replace("signing-key", "api-secret")


class Holder:
    """Holds secrets, counts who asks for them, and may be away."""

    def __init__(self) -> None:
        self.held = {ARN: "first", OTHER_ARN: "other"}
        self.asked: list[str] = []
        self.is_away = False

    def fetch(self, arn: str) -> str:
        self.asked.append(arn)
        if self.is_away:
            raise UnavailableError
        return self.held[arn]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


@pytest.fixture
def holder(clock: FakeClock) -> Holder:
    return Holder()


@pytest.fixture
def values(holder: Holder) -> SecretValues:
    return SecretValues(holder.fetch)


@pytest.mark.parametrize(
    "value",
    ['{"kty": "EC"}', "", "plain", "arn:aws:s3:::bucket", ARN + " ", "x" + ARN, ARN.replace("secretsmanager", "ssm")],
)
def test_a_value_stands_for_itself_and_nobody_is_asked(value: str, values: SecretValues, holder: Holder) -> None:
    assert values.read(value) == value
    assert holder.asked == []


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_an_arn_stands_for_what_the_secret_holds(partition: str, values: SecretValues, holder: Holder) -> None:
    arn = ARN.replace("arn:aws:", f"arn:{partition}:")
    holder.held[arn] = "held"
    assert values.read(arn) == "held"


def test_a_secret_is_asked_for_once_while_it_is_young(values: SecretValues, holder: Holder, clock: FakeClock) -> None:
    for _ in range(5):
        assert (values.read(ARN), values.read(OTHER_ARN)) == ("first", "other")
        clock.passes(59)
    assert holder.asked == [ARN, OTHER_ARN]


@pytest.mark.parametrize("stopped", ["neither", "monotonic", "wall"])
def test_a_secret_that_grew_old_is_read_again(
    stopped: str, values: SecretValues, holder: Holder, clock: FakeClock
) -> None:
    values.read(ARN)
    holder.held[ARN] = "second"
    clock.monotonic_seconds += 0 if stopped == "monotonic" else 300
    clock.wall_seconds += 0 if stopped == "wall" else 300
    assert values.read(ARN) == "second"


def test_who_wants_it_younger_says_so_and_others_profit(values: SecretValues, holder: Holder, clock: FakeClock) -> None:
    values.read(ARN)
    holder.held[ARN] = "second"
    clock.passes(29)
    assert values.read(ARN, max_age_seconds=30) == "first"
    clock.passes(1)
    assert values.read(ARN, max_age_seconds=30) == "second"
    assert values.read(ARN) == "second"
    assert len(holder.asked) == 2


def test_while_the_holder_is_away_the_last_known_value_serves_and_it_is_seldom_asked(
    values: SecretValues, holder: Holder, clock: FakeClock
) -> None:
    values.read(ARN)
    holder.is_away = True
    clock.passes(86_400)
    assert [values.read(ARN) for _ in range(10)] == ["first"] * 10
    assert len(holder.asked) == 2
    holder.is_away, holder.held[ARN] = False, "second"
    clock.passes(AWAY_SECONDS)
    assert values.read(ARN) == "second"


def test_what_was_never_known_is_asked_for_each_time(values: SecretValues, holder: Holder) -> None:
    holder.is_away = True
    for _ in range(2):
        with pytest.raises(UnavailableError):
            values.read(ARN)
    holder.is_away = False
    assert values.read(ARN) == "first"


def test_what_was_forgotten_is_asked_for_again(values: SecretValues, holder: Holder) -> None:
    values.read(ARN)
    values.forget()
    values.read(ARN)
    assert len(holder.asked) == 2


def test_many_threads_ask_once(values: SecretValues, holder: Holder) -> None:
    assert race(16, lambda _: values.read(ARN)) == ["first"] * 16
    assert holder.asked == [ARN]
