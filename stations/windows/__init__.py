"""Batches: when an application may be handed in."""
