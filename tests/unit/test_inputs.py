"""What clients may send about users and accounts: these fields, these types, and nothing else."""

import random
from typing import Any

import pytest
from pydantic import ValidationError
from roster.auth.inputs import Credentials, Input, PasswordChange
from roster.users.inputs import Registration, UserPatch, UserReplacement
from roster.users.models import Changes

GOOD: dict[type[Input], dict[str, Any]] = {
    Registration: {"email": "ada@example.com", "name": "Ada", "password": "a lighthouse at noon"},
    UserReplacement: {"email": "ada@example.com", "name": "Ada"},
    UserPatch: {},
    Credentials: {"email": "ada@example.com", "password": "x"},
    PasswordChange: {"current_password": "x", "new_password": "a lighthouse at noon"},
}
EDITABLE: dict[str, Any] = {"email": "ada@example.com", "name": "Ada", "role": "admin", "status": "disabled"}
# Every column of every table, and what else a client could hope for, in several spellings.
COLUMNS = [
    "id", "email_canonical", "email_verified", "created_at", "updated_at", "erased_at", "version", "hash",
    "changed_at", "user_id", "password_hash", "is_admin", "isAdmin", "admin", "scope", "sid", "sub", "Role", "ROLE",
    "rôle", "role ", " role", "role\u200b", "Email", "EMAIL", "e-mail", "Name", "Status", "STATUS", "Version",
    "Password", "_id", "__class__", "__proto__", "constructor", "model_config", "$set", "role[]", "user[role]",
    "user.role", "",
]  # fmt: skip
MISTYPED: list[Any] = [None, 1, 0, 1.5, True, False, [], {}, ["Ada"], {"a": "b"}]


@pytest.mark.parametrize("model", GOOD)
def test_the_named_fields_are_enough(model: type[Input]) -> None:
    assert model.model_validate(GOOD[model])


@pytest.mark.parametrize("model", [model for model in GOOD if model is not UserPatch])
def test_every_field_is_required(model: type[Input]) -> None:
    for name in GOOD[model]:
        with pytest.raises(ValidationError, match=name):
            model.model_validate({other: value for other, value in GOOD[model].items() if other != name})


@pytest.mark.parametrize("model", GOOD)
@pytest.mark.parametrize("name", COLUMNS)
def test_no_other_field_can_be_set(model: type[Input], name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(GOOD[model] | {name: "admin"})
    assert [each["type"] for each in refusal.value.errors()] == ["extra_forbidden"]


@pytest.mark.parametrize("model", [Registration, Credentials, PasswordChange])
@pytest.mark.parametrize("name", ["role", "status"])
def test_nobody_gets_a_role_by_registering(model: type[Input], name: str) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(GOOD[model] | {name: EDITABLE[name]})


@pytest.mark.parametrize("model", GOOD)
@pytest.mark.parametrize("value", MISTYPED)
def test_every_field_has_exactly_its_type(model: type[Input], value: Any) -> None:
    for name in GOOD[model] or EDITABLE:
        with pytest.raises(ValidationError):
            model.model_validate(GOOD[model] | {name: value})


@pytest.mark.parametrize("model", GOOD)
@pytest.mark.parametrize("body", [None, [], "x", 1, True, [["email", "ada@example.com"]]])
def test_a_body_is_an_object(model: type[Input], body: Any) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(body)


@pytest.mark.parametrize("value", [None, "", "Admin", "root", "superuser", "user ", 1, True, ["admin"]])
def test_a_role_and_a_status_are_known_words(value: Any) -> None:
    for name in ("role", "status"):
        with pytest.raises(ValidationError):
            UserPatch.model_validate({name: value})


def test_a_patch_leaves_alone_what_it_does_not_name() -> None:
    assert UserPatch.model_validate({}).changes() == Changes()
    assert UserPatch.model_validate(EDITABLE).changes() == Changes("ada@example.com", "Ada", "admin", "disabled")


@pytest.mark.parametrize(
    ("sent", "kept"), [("  Ada ", "Ada"), ("O'Brien", "O'Brien"), ("李", "李"), ("🦉", "🦉"), ("x" * 200, "x" * 200)]
)
def test_a_name_is_trimmed(sent: str, kept: str) -> None:
    assert UserPatch.model_validate({"name": sent}).name == kept


@pytest.mark.parametrize(
    "name", ["", " ", "\u3000\t", "\u200b", "\u2060\ufeff", "A\nB", "A\0B", "A\x1bB", "A\x7fB", "\ud800", "x" * 201]
)
def test_a_name_can_be_seen_and_is_one_line(name: str) -> None:
    with pytest.raises(ValidationError):
        UserPatch.model_validate({"name": name})


LETTERS = random.Random(7).choices("abcdefghijklmnopqrstuvwxyzé 🦉李", k=256)


@pytest.mark.parametrize("password", ["".join(LETTERS[:15]), "".join(LETTERS), "🦉 é 李\t🦉🦉 ﷺ", "ﬁx ﬂy ﬀo ﬁve"])
def test_a_new_password_has_15_to_256_code_points_of_any_kind(password: str) -> None:
    assert PasswordChange.model_validate({"current_password": "", "new_password": password}).new_password == password


@pytest.mark.parametrize("password", ["passwordstandard", "x" * 15, "x" * 256, " " * 15, "ﬁ" * 8])
def test_a_new_password_that_is_easy_to_guess_is_refused_by_name(password: str) -> None:
    for model, name in ((PasswordChange, "new_password"), (Registration, "password")):
        with pytest.raises(ValidationError) as refusal:
            model.model_validate(GOOD[model] | {name: password})
        assert [each["type"] for each in refusal.value.errors()] == ["too_common"]


def test_what_has_the_wrong_length_is_not_called_common() -> None:
    for password, problem in (("x" * 14, "too_short"), ("x" * 257, "too_long")):
        with pytest.raises(ValidationError) as refusal:
            PasswordChange.model_validate({"current_password": "", "new_password": password})
        assert [each["type"] for each in refusal.value.errors()] == [problem]


@pytest.mark.parametrize("least", [8, 12, 64])
def test_how_long_a_new_password_has_to_be_can_be_configured(least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD_LENGTH_MIN", str(least))
    body = {"current_password": "", "new_password": "".join(LETTERS[:least])}
    assert PasswordChange.model_validate(body)
    with pytest.raises(ValidationError, match=f"at least {least} characters"):
        PasswordChange.model_validate(body | {"new_password": "".join(LETTERS[: least - 1])})


@pytest.mark.parametrize("password", ["", "x" * 14, "x" * 257, "e\u0301" * 14, "ﬁ" * 129, "x" * 250_000], ids=len)
def test_a_new_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    for model, name in ((PasswordChange, "new_password"), (Registration, "password")):
        with pytest.raises(ValidationError):
            model.model_validate(GOOD[model] | {name: password})
