"""Plans, indicators and targets: where we stand, and which records make the number."""
