"""Careers: what a person studied and where they worked, month by month and without gaps."""
