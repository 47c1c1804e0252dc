"""Applications for a station: conditions with evidence, the officials' findings, the papers."""
