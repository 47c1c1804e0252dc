"""Whether a station keeps its plate: years of recruits, clocks, cases of rectification and removal."""
