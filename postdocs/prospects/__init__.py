"""Prospects: the funds and titles of a city, each with what it asks, and how far a person is from it."""
