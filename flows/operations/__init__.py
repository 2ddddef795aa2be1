"""The schedule of one machine, what an operator is told, and whether all is sound."""
