"""Plans: what is to be reached by when, and how every indicator is counted from the records."""
