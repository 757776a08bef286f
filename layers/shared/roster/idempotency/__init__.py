"""Idempotency: a request that is sent twice under one key has one effect and one answer."""
