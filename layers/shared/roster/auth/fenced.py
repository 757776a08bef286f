"""Accounts whose new password is noticed at once."""

from roster.auth.repository import Account, Accounts
from roster.auth.standing import StandingChange


class FencedAccounts(Accounts):
    """Implements `Accounts` on *accounts*, and has what ends sessions done by *change_standing*."""

    def __init__(self, accounts: Accounts, change_standing: StandingChange) -> None:
        self._accounts = accounts
        self._change_standing = change_standing

    def find_by_address(self, canonical: str) -> Account | None:
        return self._accounts.find_by_address(canonical)

    def find(self, user_id: int) -> Account | None:
        return self._accounts.find(user_id)

    def change_password(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        return self._change_standing(user_id, lambda: self._accounts.change_password(user_id, old_hash, new_hash))

    def rehash(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        return self._accounts.rehash(user_id, old_hash, new_hash)
