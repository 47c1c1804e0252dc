"""Key industry chains, and which stage of which chain has a station."""
