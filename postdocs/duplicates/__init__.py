"""Duplicates: records that may be of one person, compared by a person, merged and taken apart again."""
