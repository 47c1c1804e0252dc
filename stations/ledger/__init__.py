"""What is kept of stations and enterprises as dated rows, certificates and branches among them."""
