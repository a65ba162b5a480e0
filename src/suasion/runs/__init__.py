"""Runs: ensembles of futures, kept tile by tile, that can be reopened."""
