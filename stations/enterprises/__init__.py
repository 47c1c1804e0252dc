"""Enterprises: how they register, what they say of themselves, their people, their desk."""
