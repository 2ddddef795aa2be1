"""What an operator is told, and how."""
