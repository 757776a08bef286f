"""Second factors, on PostgreSQL."""

from roster.second_factors.postgres import PostgresSecondFactors
from roster.second_factors.repository import SecondFactors
from roster.second_factors.service import SecondFactorService
from roster.wiring import stores
from roster.wiring.once import once


@once
def service() -> SecondFactorService:
    return SecondFactorService(repository())


def repository() -> SecondFactors:
    return PostgresSecondFactors(stores.database)
