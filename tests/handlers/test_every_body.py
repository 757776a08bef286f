"""What holds for all bodies: one JSON object in UTF-8 of a bounded size, with the named fields and no other."""

import json
from typing import Any

import pytest

from tests.envelope import assert_answer, assert_envelope
from tests.handlers.endpoints import WITH_BODY, Endpoint
from tests.handlers.world import World

# Every column of every table, and what else a client could hope for, in several spellings.
COLUMNS = [
    "id", "email_canonical", "email_verified", "created_at", "updated_at", "erased_at", "version", "hash",
    "changed_at", "user_id", "password_hash", "is_admin", "isAdmin", "admin", "Role", "ROLE", "rOlE", "role ", "rôle",
    "role[]", "user.role", "Status", "STATUS", "Version", "VERSION", "Id", "ID", "_id", "emailVerified", "scope",
    "__proto__", "__class__", "",
]  # fmt: skip

every_body = pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda endpoint: endpoint.stem)


def sent(world: World, endpoint: Endpoint, body: object, **fields: Any) -> dict[str, Any]:
    return world.call(endpoint.stem, endpoint.event(body=body) | fields)


def body_of(endpoint: Endpoint) -> dict[str, Any]:
    assert endpoint.body is not None
    return endpoint.body


@every_body
@pytest.mark.parametrize("name", COLUMNS)
def test_no_column_can_be_set(endpoint: Endpoint, name: str, world: World) -> None:
    for value in ("admin", 1, True, None):
        response = sent(world, endpoint, body_of(endpoint) | {name: value})
        error = assert_envelope(response, 422, "invalid_input")
        assert [detail["code"] for detail in error["details"]] == ["extra_forbidden"]
    assert list(world.tables.rows) == [1]
    assert world.users.find(1) == world.ada


@every_body
@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, ["ada@example.com"], {"a": "s3cret"}, [["s3cret"]]])
def test_every_field_has_its_type_and_is_not_echoed(endpoint: Endpoint, value: Any, world: World) -> None:
    for name, good in body_of(endpoint).items():
        if type(value) is type(good):
            continue
        response = sent(world, endpoint, body_of(endpoint) | {name: value})
        error = assert_envelope(response, 422, "invalid_input")
        assert [detail["field"] for detail in error["details"]] == [f"body.{name}"]
        assert "s3cret" not in response["body"]


@every_body
@pytest.mark.parametrize("body", ["[]", "null", "1", '"s3cret"', "true", '[{"email": "s3cret"}]'])
def test_a_body_that_is_no_object_is_invalid(endpoint: Endpoint, body: str, world: World) -> None:
    response = sent(world, endpoint, body)
    assert_envelope(response, 422, "invalid_input", "body")
    assert "s3cret" not in response["body"]


@every_body
@pytest.mark.parametrize(
    "body",
    [
        "{",
        "{}{}",
        "NaN",
        '{"a": NaN}',
        '{"a": 1, "a": 1}',
        b"\xff",
        "[" * 100_000,
        '{"a":' * 33,
        "name=a",
    ],
)
def test_a_body_that_is_no_json_is_malformed(endpoint: Endpoint, body: Any, world: World) -> None:
    assert_envelope(sent(world, endpoint, body), 400, "malformed_json")


@every_body
@pytest.mark.parametrize("body", [None, "", b""])
def test_no_body_at_all_is_malformed_where_one_is_needed(endpoint: Endpoint, body: Any, world: World) -> None:
    response = sent(world, endpoint, body)
    if endpoint.needs_body:
        assert_envelope(response, 400, "malformed_json")
    else:
        assert_answer(response, endpoint.status)


@every_body
def test_a_lying_flag_is_malformed(endpoint: Endpoint, world: World) -> None:
    text = json.dumps(body_of(endpoint))
    assert_envelope(sent(world, endpoint, text, isBase64Encoded=True), 400, "malformed_json")


@every_body
def test_base64_is_read(endpoint: Endpoint, world: World) -> None:
    assert_answer(sent(world, endpoint, json.dumps(body_of(endpoint)).encode()), endpoint.status)


@every_body
@pytest.mark.parametrize("encoded", [True, False])
def test_a_body_over_256_kibibytes_is_too_large(endpoint: Endpoint, encoded: bool, world: World) -> None:
    text = json.dumps(body_of(endpoint)).ljust(256 * 1024)
    fits, large = (text.encode(), text.encode() + b" ") if encoded else (text, text + " ")
    assert_envelope(sent(world, endpoint, large), 413, "body_too_large")
    assert_answer(sent(world, endpoint, fits), endpoint.status)


@every_body
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/json, text/plain"]
)
def test_another_media_type_is_refused(endpoint: Endpoint, content_type: str, world: World) -> None:
    event = endpoint.event(headers={"Content-Type": content_type})
    assert_envelope(world.call(endpoint.stem, event), 415, "unsupported_media_type")


@every_body
@pytest.mark.parametrize("name", ["content-type", "CONTENT-TYPE"])
@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=UTF-8", "application/merge-patch+json"]
)
def test_json_types_are_read_in_headers_of_any_case(
    endpoint: Endpoint, name: str, content_type: str, world: World
) -> None:
    assert_answer(world.call(endpoint.stem, endpoint.event(headers={name: content_type})), endpoint.status)


@every_body
@pytest.mark.parametrize("value", ["a\\u0000b", "\\ud800", "x\\udfff"])
def test_text_that_cannot_be_kept_is_invalid(endpoint: Endpoint, value: str, world: World) -> None:
    for name in body_of(endpoint):
        text = json.dumps(body_of(endpoint) | {name: "VALUE"}).replace("VALUE", value)
        assert_envelope(sent(world, endpoint, text), 422, "invalid_input", f"body.{name}")


@every_body
@pytest.mark.parametrize("number", [str(2**63), "-" + "9" * 20, "9" * 5000, "1e999"])
def test_a_number_of_more_than_64_bits_is_invalid(endpoint: Endpoint, number: str, world: World) -> None:
    text = json.dumps(body_of(endpoint) | {"age": "NUMBER"}).replace('"NUMBER"', number)
    response = sent(world, endpoint, text)
    assert_envelope(response, 422, "invalid_input", "body.age")
    assert number not in response["body"]


@every_body
def test_a_body_that_is_wrong_all_over_gets_an_answer_of_bounded_size(endpoint: Endpoint, world: World) -> None:
    extra = {f"field {number}": 1 for number in range(10_000)}
    nested = {"n" * 60 + str(level): ["\0"] * 800 for level in range(30)}
    for body in (extra, nested):
        response = sent(world, endpoint, body)
        assert len(assert_envelope(response, 422, "invalid_input")["details"]) == 100
        assert len(response["body"]) < 100_000
