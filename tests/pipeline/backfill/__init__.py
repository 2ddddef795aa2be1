"""Backfills: the plan, each provider against a stand-in that speaks its formats, whole runs."""
