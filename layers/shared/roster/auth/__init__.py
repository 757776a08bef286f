"""Authentication: passwords, tokens and the caller."""
