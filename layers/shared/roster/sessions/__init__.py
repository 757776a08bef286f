"""Sessions: what a login opens, what refresh tokens keep alive, and what ends at once."""
