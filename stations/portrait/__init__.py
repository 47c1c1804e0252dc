"""The portrait of a station: beside its kind, what keeps it from the first grade, what is due."""
