"""Tokens made by hand, each of which somebody's verifier has once let in; every one claims to be an admin."""

import base64
import hashlib
import hmac
import json
import secrets
import time
import zlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from roster.infrastructure import keys

from tests import forge

Attacks = dict[str, str]

THEIRS = keys.generate()
THEIR_KEY = keys.read_signing_key(THEIRS.private)
CLAIMS = ("iss", "aud", "sub", "exp", "iat", "jti", "client_id", "sid", "role")
_NONE = ["none", "None", "NONE", "nOnE", "noNe", "none ", " none", "none\0", "n\u043ene", "\uff4eone", "", "null"]
_OTHER = ["HS256", "HS384", "HS512", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "dir", "es256", "ES256 "]
_KEY_IDS: list[Any] = [
    "", "unknown", "../../dev/null", "/proc/sys/kernel/randomize_va_space", "file:///dev/null", "https://evil.test/k",
    "' UNION SELECT 'secret' --", "| sleep 10", "$(id)", "%00", "x" * 2000, "__class__", "0", 0, 1, -1, 1.5, True, None,
    [], {}, [forge.SIGNING_KEY.key_id], {forge.SIGNING_KEY.key_id: 1}, forge.SIGNING_KEY.key_id + "\0",
    forge.SIGNING_KEY.key_id + " ", forge.SIGNING_KEY.key_id.swapcase(), THEIR_KEY.key_id,
]  # fmt: skip
_TYPES: list[Any] = [
    "JWT", "jwt", "at+JWT", "AT+JWT", "application/at+jwt", "rt+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt",
    "at+jwt ", "at+jwt\0", "", None, 1, True, ["at+jwt"], {"at+jwt": 1},
]  # fmt: skip
_MISTYPED: list[Any] = [None, True, False, 0, 1.5, -1, "", [], {}, ["roster"], {"a": 1}, 10**30]
_WRONG: list[tuple[str, Any]] = [
    *(("sub", each) for each in ["0", "01", "-1", "+1", "1.0", " 1", "1 ", "1_0", "0x1", "\uff11", "9" * 19, "me"]),
    *(("iss", forge.ISSUER + end) for end in ["/", ".evil.test", "\0", "#"]),
    *(("iss", each) for each in [forge.ISSUER.upper(), "http://roster.test", "https://roster.test@evil.test"]),
    *(("aud", each) for each in ["Roster", "roster ", "other", ["roster"], ["other", "roster"], "roster,other"]),
    *(("role", each) for each in ["Admin", "ADMIN", "root", "admin ", "user,admin", ["admin"], {"admin": True}]),
    *(("client_id", each) for each in ["Roster", "other", ["roster"], "roster "]),
    *((each, 1) for each in ["nbf", "scope", "admin", "Role", "email", "is_admin", "user_id", "cnf", "act", "nonce"]),
]


def all_of_them() -> Attacks:
    """Return every attack by its name, made for this moment."""
    makers = (
        unsigned, by_hmac, other_algorithms, key_ids, keys_in_the_header, header_fields, header_shapes, types,
        other_kinds, missing_claims, mistyped_claims, wrong_claims, lifetimes, duplicates, encodings, shapes,
        signatures, other_keys, oversized,
    )  # fmt: skip
    made = [{f"{make.__name__}: {name}": token for name, token in make().items()} for make in makers]
    return {name: token for attacks in made for name, token in attacks.items()}


def an_admins(**changes: Any) -> dict[str, Any]:
    return forge.claims(**{"role": "admin"} | changes)


def signed_by(key: Any, head: object, payload: object) -> str:
    """Return a token whose signature by that private key is valid."""
    signing_input = f"{forge.encoded(head)}.{forge.encoded(payload)}"
    signature = forge.smaller(ECAlgorithm(ECAlgorithm.SHA256).sign(signing_input.encode(), key))
    return f"{signing_input}.{forge.encoded(signature)}"


def unsigned() -> Attacks:
    payload = forge.encoded(an_admins())
    good = forge.signed(payload=an_admins()).split(".")[2]
    return {
        f"alg {algorithm!r}, signature {kind}": f"{forge.encoded(forge.header(alg=algorithm))}.{payload}.{signature}"
        for algorithm in _NONE
        for kind, signature in {"empty": "", "short": "AA", "of another token": good}.items()
    }


def by_hmac() -> Attacks:
    public = next(iter(forge.PUBLIC_KEYS.values()))
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secrets_ = {
        "PEM": pem,
        "PEM without its last line break": pem.strip(),
        "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "point": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "JWK set": forge.KEY_PAIR.public.encode(),
        "kid": forge.SIGNING_KEY.key_id.encode(),
        "empty": b"",
        "secret": b"secret",
    }
    digests = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512, "ES256": hashlib.sha256}
    made = {}
    for secret_name, secret in secrets_.items():
        for algorithm, digest in digests.items():
            signing_input = f"{forge.encoded(forge.header(alg=algorithm))}.{forge.encoded(an_admins())}"
            code = forge.encoded(hmac.digest(secret, signing_input.encode(), digest))
            made[f"{algorithm} with {secret_name}"] = f"{signing_input}.{code}"
    return made


def other_algorithms() -> Attacks:
    odd: list[Any] = [*_NONE, *_OTHER, None, 1, True, [], ["ES256"], {"ES256": 1}]
    return {repr(each): forge.signed(forge.header(alg=each), an_admins()) for each in odd}


def key_ids() -> Attacks:
    made = {f"ours, {each!r:.40}": forge.signed(forge.header(kid=each), an_admins()) for each in _KEY_IDS}
    return made | {
        f"theirs, {each!r:.40}": signed_by(THEIR_KEY.key, forge.header(kid=each), an_admins()) for each in _KEY_IDS
    }


def keys_in_the_header() -> Attacks:
    public = json.loads(THEIRS.public)["keys"][0]
    fields: dict[str, Any] = {
        "jwk": public,
        "jwks": {"keys": [public]},
        "jku": "http://127.0.0.1:9/jwks.json",
        "x5u": "http://127.0.0.1:9/chain.pem",
        "x5c": [base64.b64encode(b"\x30\x82" + b"\0" * 64).decode()],
        "x5t": "AAAA",
        "x5t#S256": "AAAA",
    }
    made = {}
    for name, value in fields.items():
        for named, key_id in {"our": forge.SIGNING_KEY.key_id, "their": THEIR_KEY.key_id}.items():
            head = forge.header(kid=key_id, **{name: value})
            made[f"{name} with {named} kid"] = signed_by(THEIR_KEY.key, head, an_admins())
        made[f"{name}, signed by us"] = forge.signed(forge.header(**{name: value}), an_admins())
    return made


def header_fields() -> Attacks:
    fields: dict[str, Any] = {
        "zip": "DEF", "b64": False, "crit": ["b64"], "enc": "A128GCM", "cty": "JWT", "ALG": "none", "Kid": "x",
        "iss": forge.ISSUER, "exp": 2**40, "epk": {}, "apu": "x", "p2c": 10**9, "__proto__": {"alg": "none"}, "": "",
    }  # fmt: skip
    made = {name: forge.signed(forge.header(**{name: value}), an_admins()) for name, value in fields.items()}
    deflated = zlib.compress(json.dumps(an_admins()).encode())[2:-4]
    return made | {
        "zip of the payload": forge.signed(forge.header(zip="DEF"), deflated),
        "crit of an unknown": forge.signed(forge.header(crit=["roster"], roster=1), an_admins()),
        "crit, empty": forge.signed(forge.header(crit=[]), an_admins()),
        "b64 false and crit": forge.signed(forge.header(b64=False, crit=["b64"]), an_admins()),
    }


def header_shapes() -> Attacks:
    made = {f"without {each}": forge.signed(forge.header(**{each: forge.LEFT_OUT}), an_admins()) for each in
            ("alg", "typ", "kid")}  # fmt: skip
    odd: list[Any] = [[], "at+jwt", 1, 1.5, True, ["alg", "typ", "kid"], {}, [forge.header()]]
    made |= {f"{each!r:.40}": forge.signed(each, an_admins()) for each in odd}
    return made | {f"{each!r:.40}": forge.signed(each, an_admins()) for each in (b"", b"null", b"{", b"\xff", b"{}{}")}


def types() -> Attacks:
    return {repr(each): forge.signed(forge.header(typ=each), an_admins()) for each in _TYPES}


def other_kinds() -> Attacks:
    """Return what is a token, but of another kind: refresh tokens, ID tokens, encrypted ones, JSON serialization."""
    opaque = secrets.token_urlsafe(32)
    head, payload, signature = forge.signed(payload=an_admins()).split(".")
    jws = {"payload": payload, "protected": head, "signature": signature}
    no_client: Any = forge.LEFT_OUT
    return {
        "opaque refresh token": opaque,
        "refresh token of two parts": f"{secrets.token_urlsafe(16)}.{opaque}",
        "refresh token of three parts": f"{opaque}.{opaque}.{opaque}",
        "refresh token in hexadecimal": secrets.token_hex(32),
        "refresh token with a prefix": f"rt_{opaque}",
        "JWT as refresh token": forge.signed(forge.header(typ="rt+jwt"), an_admins(token_use="refresh")),
        "ID token": forge.signed(forge.header(typ="JWT"), an_admins(client_id=no_client, email="a@b.c", nonce="x")),
        "Cognito token": forge.signed(forge.header(), an_admins(token_use="access", username="x")),
        "JWE": f"{head}.{opaque}.{opaque}.{payload}.{signature}",
        "nested": forge.signed(forge.header(cty="JWT"), f"{head}.{payload}.{signature}".encode()),
        "flattened JSON": json.dumps(jws),
        "general JSON": json.dumps({"payload": payload, "signatures": [jws]}),
        "PASETO": f"v4.public.{payload}",
        "Basic": base64.b64encode(b"admin:admin").decode(),
        "detached payload": f"{head}..{signature}",
    }


def missing_claims() -> Attacks:
    made = {each: forge.signed(payload=an_admins(**{each: forge.LEFT_OUT})) for each in CLAIMS}
    return made | {"all": forge.signed(payload={})}


def mistyped_claims() -> Attacks:
    made = {
        f"{claim} {value!r}": forge.signed(payload=an_admins(**{claim: value}))
        for claim in CLAIMS
        for value in _MISTYPED
    }
    good = an_admins()
    for claim in ("exp", "iat"):
        for kind in (str, float):
            made[f"{claim} as {kind.__name__}"] = forge.signed(payload=an_admins(**{claim: kind(good[claim])}))
    return made


def wrong_claims() -> Attacks:
    return {f"{claim} {value!r}": forge.signed(payload=an_admins(**{claim: value})) for claim, value in _WRONG}


def lifetimes() -> Attacks:
    now = int(time.time())
    times = {
        "a second too long": (now, now + 86_401), "for ever": (now, 2**53), "no time": (now, now),
        "backwards": (now, now - 10), "long ago": (1, 2), "before time": (-10, now + 10),
        "far ahead": (2**40, 2**40 + 9),
        "beyond 64 bits": (now, 2**70), "yesterday": (now - 86_400, now - 40), "tomorrow": (now + 40, now + 99),
    }  # fmt: skip
    return {name: forge.signed(payload=an_admins(iat=iat, exp=exp)) for name, (iat, exp) in times.items()}


def duplicates() -> Attacks:
    made = {}
    for claim in CLAIMS:
        payload = json.dumps(forge.claims())[:-1] + f", {json.dumps(claim)}: {json.dumps(an_admins()[claim])}}}"
        made[f"claim {claim}"] = forge.signed(payload=payload.encode())
    for field, value in forge.header().items():
        head = json.dumps(forge.header())[:-1] + f', "{field}": "{value}"}}'
        made[f"header {field}"] = forge.signed(head.encode(), an_admins())
    escaped = json.dumps(forge.claims())[:-1] + ', "\\u0072ole": "admin"}'
    return made | {"claim in escapes": forge.signed(payload=escaped.encode())}


def encodings() -> Attacks:
    made = {}
    for each in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"):
        made[f"payload in {each}"] = forge.signed(payload=json.dumps(an_admins()).encode(each))
        made[f"header in {each}"] = forge.signed(json.dumps(forge.header()).encode(each), an_admins())
    parts = forge.signed(payload=an_admins()).split(".")
    for place, part in enumerate(("header", "payload", "signature")):
        for added in ("=", "==", "\n", "\t", "\0", "%3D", "\u200b", "!"):
            changed = [text + (added if place == index else "") for index, text in enumerate(parts)]
            made[f"{part} with {added!r}"] = ".".join(changed)
            signed = forge.encoded(forge.signature_of(f"{changed[0]}.{changed[1]}"))
            made[f"{part} with {added!r}, signed"] = f"{changed[0]}.{changed[1]}.{signed}{added * (place == 2)}"
    return made


def shapes() -> Attacks:
    payloads = [b"", b"{", b"null", b"[]", b'"x"', b"1", b"\xff", b"[" * 2500, b'{"a":' * 500, b"{}{}", b"{} x", b"NaN"]
    made = {f"payload {each!r:.20}": forge.signed(payload=each) for each in payloads}
    texts = ["", ".", "..", "...", "a", "a.b", "a.b.c", "e30.e30.e30", "e30.e30.", "null", "undefined", "Bearer a.b.c"]
    return made | {f"text {each!r}": each for each in texts}


def signatures() -> Attacks:
    head, payload, signature = forge.signed(payload=an_admins()).split(".")
    octets = base64.urlsafe_b64decode(signature + "==")
    r, s = octets[:32], octets[32:]
    zero, order = bytes(32), forge.ORDER.to_bytes(32)
    asn1 = forge.SIGNING_KEY.key.sign(f"{head}.{payload}".encode(), ECDSA(SHA256()))
    made = {
        "empty": b"", "zeros": zero + zero, "ones": b"\xff" * 64, "r and s are the order": order + order,
        "r zero": zero + s, "s zero": r + zero, "s is one": r + (1).to_bytes(32), "swapped": s + r,
        "short": octets[:63],
        "long": octets + b"\0", "twice": octets * 2, "ASN.1": asn1, "hexadecimal": octets.hex().encode(),
        "the other s": r + (forge.ORDER - int.from_bytes(s)).to_bytes(32),
        "of the header alone": forge.signature_of(head),
        "of the payload alone": forge.signature_of(payload), "of nothing": forge.signature_of(""),
        "of another token": base64.urlsafe_b64decode(forge.signed().split(".")[2] + "=="),
    }  # fmt: skip
    return {name: f"{head}.{payload}.{forge.encoded(each)}" for name, each in made.items()}


def other_keys() -> Attacks:
    head = forge.header()
    signing_input = f"{forge.encoded(head)}.{forge.encoded(an_admins())}"
    wide = ec.generate_private_key(ec.SECP384R1())
    koblitz = ec.generate_private_key(ec.SECP256K1())
    rsa_key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    by_rsa = forge.encoded(RSAAlgorithm(RSAAlgorithm.SHA256).sign(signing_input.encode(), rsa_key))
    return {
        "P-256": signed_by(THEIR_KEY.key, head, an_admins()),
        "P-384": f"{signing_input}.{forge.encoded(wide.sign(signing_input.encode(), ECDSA(SHA256())))}",
        "secp256k1": f"{signing_input}.{forge.encoded(koblitz.sign(signing_input.encode(), ECDSA(SHA256())))}",
        "RSA": f"{signing_input}.{by_rsa}",
    }


def oversized() -> Attacks:
    head, payload, signature = forge.signed(payload=an_admins()).split(".")
    million = 1_000_000
    return {
        "1 MB of x": "x" * million, "1 MB of dots": "." * million,
        "1 MB of blanks between": f"{head}.{' ' * million}.x",
        "1 MB claim": forge.signed(payload=an_admins(jti="x" * million)),
        "1 MB header": forge.signed(forge.header(kid="x" * million), an_admins()),
        "1 MB signature": f"{head}.{payload}.{signature}{'A' * million}",
        "1 MB of brackets": forge.signed(payload=b"[" * million),
        "1 MB of digits": forge.signed(payload=b'{"exp":' + b"9" * million + b"}"),
        "5 KB, else good": forge.signed(payload=an_admins(jti="x" * 5000)),
    }  # fmt: skip
