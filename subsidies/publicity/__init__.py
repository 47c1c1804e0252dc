"""The publicity of claims that were granted (资助公示)."""
