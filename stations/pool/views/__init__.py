"""Pages of the reserve pool."""
