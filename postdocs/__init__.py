"""Postdocs from entry to destination, and what they bring forth."""
