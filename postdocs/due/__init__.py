"""What falls due for everybody in station: windows, reminders, signs that somebody might have to be withdrawn."""
