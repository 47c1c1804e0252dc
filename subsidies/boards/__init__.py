"""Dashboards of money: where it is, how fast it goes, what a postdoc who stayed has cost."""
