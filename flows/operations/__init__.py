"""The schedule, alerts, soundness."""
