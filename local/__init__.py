"""The local stack: API Gateway, PostgreSQL and Redis on one machine, without Docker; never shipped."""
