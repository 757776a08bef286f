"""Roster: the layer that every function shares."""
