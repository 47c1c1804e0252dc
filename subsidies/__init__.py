"""Schemes, claims and payments. Its records come with a later release."""
