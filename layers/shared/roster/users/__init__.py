"""Users: who is registered."""
