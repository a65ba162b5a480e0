"""The language of a case: records, words, reading, checks, evidence.

`suasion.case.reader.read` turns a folder of YAML into a `Case`; `records` says what may be written
and `scales` what the words mean as numbers.
"""
