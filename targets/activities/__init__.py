"""Activities (活动): seminars, matching meetings, fairs, tours: when, for whom, who came and what came of it."""
