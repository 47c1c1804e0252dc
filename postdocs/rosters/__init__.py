"""Who works at a host beside its postdocs: doctors, and the research talents on a station's roster."""
