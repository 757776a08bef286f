"""Logins in two steps: the password was right, a code is awaited."""
