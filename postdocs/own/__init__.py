"""The postdocs themselves: how they get their account, and the page on which their day begins."""
