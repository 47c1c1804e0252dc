"""Disclosures: numbers of identity papers shown or searched for, each with its purpose and on record for good."""
