"""Plain games: normal form, Nash equilibria, quantal response, the graph model for conflict resolution."""
