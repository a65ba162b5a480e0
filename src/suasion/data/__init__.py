"""What comes from outside: documents, and records of what happened."""
