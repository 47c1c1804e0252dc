"""Outcomes: what postdocs brought forth, each recorded once, counted once it was verified."""
