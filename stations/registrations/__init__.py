"""Who registers for an enterprise that an office entered, and waits until the office has made sure of them."""
