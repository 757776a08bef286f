"""Logins in two steps, on PostgreSQL."""

from roster.second_steps.postgres import PostgresSecondSteps
from roster.second_steps.service import SecondStepService
from roster.wiring import codes, stores
from roster.wiring.once import once


@once
def service() -> SecondStepService:
    return SecondStepService(PostgresSecondSteps(stores.database), codes.judge())
