"""The keys that sign access tokens: made, published before they sign, and retired when no token needs them any more."""
