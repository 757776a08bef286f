"""Mail: what is to be sent, and sending it."""
