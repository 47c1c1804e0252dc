"""Duties (工作清单): what a paper asks of whom and when, each time it falls due, how far it is, and who says so."""
