"""Stays: one person at one station from the intended entry to the destination."""
