"""Which source addresses are one source."""

import pytest
from roster.infrastructure.rate_limits.sources import source


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:0DB8:0000:0001::5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_address_stands_for_itself_or_for_its_network(address: str, expected: str) -> None:
    assert source(address) == expected


def test_whoever_has_a_network_is_one_source_and_the_neighbours_are_another() -> None:
    assert source("2001:db8:0:1::1") == source("2001:db8:0:1:abcd::1")
    assert source("2001:db8:0:1::1") != source("2001:db8:0:2::1")


@pytest.mark.parametrize(
    "address",
    [None, "", "x", "203.0.113", "203.0.113.7, 198.51.100.1", "203.0.113.07", 7, [], {}, "\x00", "1" * 10_000,
     "٢٠٣.0.113.7", "2001:db8::1/64", "203.0.113.7:80"],
)  # fmt: skip
def test_what_is_no_address_is_one_source(address: object) -> None:
    assert source(address) == "unknown"
