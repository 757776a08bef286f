"""The local server's keys: made once, completed where an older server made them, never replaced."""

import json
from pathlib import Path

import pytest
from roster.infrastructure import derived_keys, keys, sealing

from local.errors import LocalStackError
from local.home import Home
from local.settings import make_keys


def kept(home: Home) -> dict[str, str]:
    content: dict[str, str] = json.loads(home.keys.read_text())
    return content


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_keys(home)
    made = kept(home)
    assert keys.read_signing_key(made["private"]).key_id in keys.read_public_keys(made["public"])
    assert sealing.read(made["second_factors"])
    assert len(derived_keys._octets(made["api_secret"])) == 32
    assert home.keys.stat().st_mode & 0o777 == 0o600
    make_keys(home)
    assert kept(home) == made


def test_a_key_that_an_older_server_knew_nothing_of_is_added(tmp_path: Path) -> None:
    home = Home(tmp_path)
    pair = keys.generate()._asdict()
    home.keys.write_text(json.dumps(pair))
    make_keys(home)
    assert {name: kept(home)[name] for name in pair} == pair
    assert sealing.read(kept(home)["second_factors"])
    before = {name: value for name, value in kept(home).items() if name != "api_secret"}
    home.keys.write_text(json.dumps(before))
    make_keys(home)
    assert len(derived_keys._octets(kept(home).pop("api_secret"))) == 32
    assert {name: kept(home)[name] for name in before} == before


@pytest.mark.parametrize("text", ["", "s3cret", "[]", "{}", '"s3cret"', '{"private": "s3cret"}', "null"])
def test_broken_keys_are_left_alone_and_named_without_their_content(tmp_path: Path, text: str) -> None:
    home = Home(tmp_path)
    home.keys.write_text(text)
    with pytest.raises(LocalStackError, match=r"keys\.json are broken") as caught:
        make_keys(home)
    assert "s3cret" not in str(caught.value)
    assert home.keys.read_text() == text
