"""Enterprises, their applications for a station, and the register of stations."""
