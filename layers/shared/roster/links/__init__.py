"""Links: what the tokens in mails are good for."""
