"""Making and rotating keys, in Secrets Manager; the settings hold the names of the secrets."""

from roster.infrastructure import settings
from roster.infrastructure.keys import KeySetError
from roster.infrastructure.settings import SettingsError
from roster.signing_keys import secrets_manager
from roster.signing_keys.first_keys import FirstKeys
from roster.signing_keys.models import RotationError
from roster.signing_keys.published_set import PublishedSet
from roster.signing_keys.secrets_manager import SecretsManagerVersions
from roster.signing_keys.service import Rotation


def rotation(arn: str) -> Rotation:
    """
    Return the rotation of the secret of that ARN.

    Raises:
        RotationError: If it is not the one with the signing key.
    """
    if arn != settings.signing_key():
        raise RotationError("This is another secret than the one with the signing key.")
    signing = SecretsManagerVersions(arn)
    return Rotation(signing, _published(), settings.token_issuer())


def first_keys() -> FirstKeys:
    signing = SecretsManagerVersions(settings.signing_key())
    return FirstKeys(signing, _published(), SecretsManagerVersions(settings.second_factor_keys() or ""))


def reason_of(error: Exception) -> str:
    """Return why keys could not be made, for everybody who sees the stack."""
    is_ours = isinstance(error, RotationError | KeySetError | SettingsError)
    return str(error) if is_ours else secrets_manager.refusal(error) or type(error).__name__


def _published() -> PublishedSet:
    return PublishedSet(SecretsManagerVersions(settings.public_keys()))
