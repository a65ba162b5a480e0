"""Small fictional cases for tests and lessons. Data only; each folder is one world."""
