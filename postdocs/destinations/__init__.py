"""Where people went after their stay, whether they are still in the city later on, and what each cohort kept."""
