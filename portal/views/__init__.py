"""Pages of the ground: signing in, work lists, notices, files, jobs, settings."""
