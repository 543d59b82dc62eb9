"""Stream record in, enriched tick back onto its row and into market-data."""
