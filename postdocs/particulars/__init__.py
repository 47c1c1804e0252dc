"""What the national form asks for and nothing here uses: marital status and family, optional and sealed."""
