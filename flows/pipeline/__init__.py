"""A run: the order of the stages, the one writer, identity, copies, coverage."""
