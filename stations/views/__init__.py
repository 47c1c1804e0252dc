"""Pages of enterprises, of their applications, of the officials who look at them, and of the register."""
