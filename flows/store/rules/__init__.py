"""Old rows brought to new rules of keys and fingerprints."""
