"""Rounds of evaluation: schemes, sheets, scores, grades."""
