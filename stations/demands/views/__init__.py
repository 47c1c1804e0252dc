"""Pages of demands, universities and matches."""
