"""The reserve pool: who may become a station, what it still lacks, and what is done about it."""
