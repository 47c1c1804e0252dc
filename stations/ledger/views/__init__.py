"""Pages of dated rows."""
