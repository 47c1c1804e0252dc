"""Social insurance by unit and month, as the lists of the insurance office tell it."""
