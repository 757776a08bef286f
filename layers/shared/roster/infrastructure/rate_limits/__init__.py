"""Rate limits: who may do how much, counted where all instances see it."""
