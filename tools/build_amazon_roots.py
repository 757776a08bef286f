"""
Makes the file of Amazon's root certificates that ships in the layer, from the bundle of the locked certifi.

Type `make amazon-roots`; docs/decisions/0029-iam-without-an-sdk.md says why these and no others.
"""

import re
import ssl
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import certifi
from roster.infrastructure.tls import AMAZON_ROOTS

# As https://www.amazontrust.com/repository/ and the Common CA Database state them: SHA-256 of the certificate.
FINGERPRINTS = {
    "Amazon Root CA 1": "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
    "Amazon Root CA 2": "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
    "Amazon Root CA 3": "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
    "Amazon Root CA 4": "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
    "Starfield Services Root CA - G2": "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
}
_CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def bundle() -> str:
    """Return the certificates that the locked certifi trusts."""
    return Path(certifi.where()).read_text("ascii")


def source(trusted: str) -> str:
    """Return the file that holds Amazon's roots out of *trusted*."""
    found = {fingerprint_of(each): each for each in certificates(trusted)}
    return "".join(f"# {name}\n{found[fingerprint]}\n" for name, fingerprint in FINGERPRINTS.items())


def certificates(text: str) -> Iterable[str]:
    return _CERTIFICATE.findall(text)


def fingerprint_of(certificate: str) -> str:
    return sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()


def main() -> None:
    AMAZON_ROOTS.write_text(source(bundle()), "ascii")
    print(f"{len(FINGERPRINTS)} roots from certifi {certifi.__version__}")


if __name__ == "__main__":
    main()
