"""Quarterly returns of the districts, frozen with their entries; and what the figures were on the days gone by."""
