"""An office fills in an application for an enterprise, with its consent on record."""
