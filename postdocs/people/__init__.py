"""People, each once: who they are by their papers, and what they studied."""
