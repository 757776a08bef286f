"""The composition root: which adapter stands behind which port, one module per capability."""
