"""The outside world: settings, database, cache, keys, observability."""
