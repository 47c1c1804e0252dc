"""Postdocs from entry to destination, and what they bring forth. Its records come with a later release."""
