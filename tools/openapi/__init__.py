"""The OpenAPI document, made of template, handlers and tables; `python -m tools.openapi` writes it."""
