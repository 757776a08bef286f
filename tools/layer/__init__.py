"""Makes what uv installed into the layer that ships: trimmed, compiled, and the same bytes every time."""
