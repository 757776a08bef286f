"""The roots that the layer trusts are the five of Amazon, as the locked bundle has them."""

import ssl

import pytest
from roster.infrastructure import tls

from tools import build_amazon_roots as build


def test_the_file_that_ships_is_the_one_that_would_be_made() -> None:
    made = build.source(build.bundle())
    assert tls.AMAZON_ROOTS.read_text("ascii") == made, "type `make amazon-roots`"


def test_the_five_roots_of_amazon_are_trusted_and_no_other() -> None:
    shipped = [build.fingerprint_of(each) for each in build.certificates(tls.AMAZON_ROOTS.read_text("ascii"))]
    assert shipped == list(build.FINGERPRINTS.values())
    assert len(tls.context().get_ca_certs()) == 5


def test_a_server_has_to_prove_its_name_and_no_old_protocol_will_do() -> None:
    context = tls.context()
    assert context.check_hostname is True
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_bundle_without_one_of_them_is_noticed() -> None:
    first, *others = build.certificates(build.bundle())
    needed = [each for each in (first, *others) if build.fingerprint_of(each) in build.FINGERPRINTS.values()]
    with pytest.raises(KeyError):
        build.source("\n".join(needed[1:]))
