"""Between entry and exit: what is asked for and decided, and what happens: time abroad, funds."""
