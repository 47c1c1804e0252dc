"""Who and what was selected: talent plans, funds, roadshows, competitions."""
