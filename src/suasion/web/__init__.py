"""The workbench: findings as web pages, and the same findings over REST."""
