"""Reported figures: what departments say of indicators that the portal keeps no records of."""
