"""The second factor: TOTP codes, and recovery codes for who lost the authenticator."""
