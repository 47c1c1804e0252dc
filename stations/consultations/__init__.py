"""Consultations (会商): a station's trouble, the office that leads, what was concluded."""
