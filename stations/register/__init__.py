"""The register of stations: from the paper that approves one to the paper that ends it."""
