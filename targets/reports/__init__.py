"""Reports: briefs, bulletins and reports made of frozen figures, checked, issued and sealed."""
