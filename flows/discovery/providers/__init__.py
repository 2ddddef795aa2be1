"""Who lists the past: each provider of a backfill."""
