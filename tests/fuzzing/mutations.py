"""What can be wrong with an event: each way changes a good one in one respect."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from roster.api import routes

from tests.fuzzing import bodies, odd
from tests.handlers.world import ADA, ADMIN, STRANGER

Event = dict[str, Any]
Change = Callable[[Event, Random, list[Any]], None]

_OTHERS = [{"sub": str(each.user_id), "role": each.role, "sid": each.session_id} for each in (ADA, STRANGER, ADMIN)]
SINGLE, MANY = ("headers", "multiValueHeaders"), ("queryStringParameters", "multiValueQueryStringParameters")


class Mutation(NamedTuple):
    """A change and the seed of its choices, so that it can be made again."""

    change: Change
    seed: int

    def apply(self, event: Event, pool: list[Any]) -> None:
        if event:
            self.change(event, Random(self.seed), pool)

    def __repr__(self) -> str:
        return f"{self.change.__name__}({self.seed})"


def chosen(random: Random) -> list[Mutation]:
    """Return one to four mutations."""
    count = random.choice((1, 1, 1, 2, 2, 3, 4))
    return [Mutation(random.choice(_CHANGES), random.getrandbits(64)) for _ in range(count)]


def lose_something(event: Event, random: Random, pool: list[Any]) -> None:
    holder, key = _place(event, random)
    del holder[key]


def put_something_else(event: Event, random: Random, pool: list[Any]) -> None:
    holder, key = _place(event, random)
    holder[key] = odd.value(random, pool)


def move_something(event: Event, random: Random, pool: list[Any]) -> None:
    (there, key), (here, other) = _place(event, random), _place(event, random)
    found = there[key]
    here[other] = f"{found}" if isinstance(found, dict | list) else found


def name_something_else(event: Event, random: Random, pool: list[Any]) -> None:
    holder, key = _place(event, random)
    if isinstance(holder, dict):
        holder[random.choice((key.upper(), key.title(), f" {key}", odd.text(random, pool)))] = holder.pop(key)


def alter_text(event: Event, random: Random, pool: list[Any]) -> None:
    holder, key = _place(event, random)
    if isinstance(holder[key], str):
        at = random.randrange(len(holder[key]) + 1)
        holder[key] = holder[key][:at] + odd.text(random, pool) + holder[key][at + random.randrange(3) :]


def send_a_header(event: Event, random: Random, pool: list[Any]) -> None:
    _send(event, SINGLE, random.choice(odd.HEADERS), random, pool)


def send_a_parameter(event: Event, random: Random, pool: list[Any]) -> None:
    _send(event, MANY, random.choice(odd.PARAMETERS), random, pool)


def ask_for_another(event: Event, random: Random, pool: list[Any]) -> None:
    parameters = _map(event.get("pathParameters"))
    event["pathParameters"] = {**parameters, random.choice([*parameters, "user_id"]): odd.text(random, pool)}


def come_as_somebody_else(event: Event, random: Random, pool: list[Any]) -> None:
    context = event.get("requestContext")
    if isinstance(context, dict):
        name = random.choice(("sub", "role", "sid", "principalId", "x"))
        said = {name: odd.value(random, pool)} if random.random() < 0.6 else random.choice(_OTHERS)
        context["authorizer"] = _map(context.get("authorizer")) | said


def use_another_method(event: Event, random: Random, pool: list[Any]) -> None:
    event["httpMethod"] = random.choice((*odd.METHODS, odd.value(random, pool)))


def use_another_path(event: Event, random: Random, pool: list[Any]) -> None:
    event["resource"] = random.choice([*routes.METHODS, "/{proxy+}", "", odd.value(random, pool)])
    context = event.get("requestContext")
    if isinstance(context, dict):
        context["path"] = odd.value(random, pool)


_CHANGES: tuple[Change, ...] = (
    lose_something, put_something_else, put_something_else, move_something, name_something_else, alter_text, alter_text,
    send_a_header, send_a_header, send_a_parameter, send_a_parameter, ask_for_another, come_as_somebody_else,
    use_another_method, use_another_path, bodies.spoil, bodies.spoil, bodies.spoil, bodies.spoil,
)  # fmt: skip


def _send(event: Event, fields: tuple[str, str], name: str, random: Random, pool: list[Any]) -> None:
    """Send a value in either map or in both, which need not agree."""
    single, many = fields
    value = odd.text(random, pool) if random.random() < 0.8 else odd.value(random, pool)
    if random.random() < 0.6:
        event[single] = {**_map(event.get(single)), name: value}
    if random.random() < 0.8:
        other = value if random.random() < 0.7 else odd.value(random, pool)
        event[many] = {**_map(event.get(many)), name: random.choice(([other], [other, value], [], other))}


def _map(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _place(event: Event, random: Random) -> tuple[Any, Any]:
    """Return where something stands: at any depth, but rather near the top."""
    holder: Any = event
    while True:
        key = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.3:
            return holder, key
        holder = inner
