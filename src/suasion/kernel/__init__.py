"""The engine: one month of a case for many lanes at once. Its slow twin stands in `program.twin`.

Batch-last arrays `(row, lane)`; a lane is one future of one draw. Knows no YAML and no country.
"""
