"""What a page claims of itself, and where."""
