"""The tests; a regular package, because a dependency ships one of the same name and that would win."""
