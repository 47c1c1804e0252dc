"""What enterprises want of universities, and how the two are brought together."""
