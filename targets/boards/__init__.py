"""Dashboards: where a plan stands, whose number it is, which records make it."""
