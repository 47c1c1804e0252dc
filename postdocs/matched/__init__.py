"""Where somebody came from: the match of a demand with a flow station that their entry ended."""
