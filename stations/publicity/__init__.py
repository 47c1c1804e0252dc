"""What is public before it is decided, and what people say against it."""
