"""Visits (走访) to postdocs, stations and enterprises of the pool: who came, what was found, who is still to be visited."""
