"""What judges the codes of second factors: their secrets are sealed with the keys of the settings, if there are any."""

import time

from roster.auth.postgres import PostgresLoginFailures
from roster.infrastructure import sealing, secret_values, settings
from roster.infrastructure.last_good import LastGood
from roster.infrastructure.sealing import ChangingSealer, SealError
from roster.second_factors.codes import Codes
from roster.wiring import second_factors, stores
from roster.wiring.once import once

clock = time.time


@once
def judge() -> Codes:
    keys, known = settings.second_factor_keys(), LastGood(sealing.read, SealError)
    sealer = ChangingSealer(lambda: known.of(secret_values.read(keys))) if keys else None
    return Codes(second_factors.repository(), PostgresLoginFailures(stores.database), sealer, clock)
