"""Orders: what users bought."""
