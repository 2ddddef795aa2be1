"""What a listing says, by its format: feeds, sitemaps, list pages, JSON."""
