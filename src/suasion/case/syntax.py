"""What the YAML parser complains of, in plain words."""

from __future__ import annotations

import yaml

from suasion.case.tree import Mark


class TextFault(Exception):
    """A fault that ends the reading of a file: code, mark, message, fix."""

    def __init__(self, code: str, mark: Mark, message: str, fix: str) -> None:
        """Keep the parts for the diagnostic."""
        super().__init__(message)
        self.code, self.mark, self.message, self.fix = code, mark, message, fix


def syntax_fault(file: str, error: yaml.MarkedYAMLError) -> TextFault:
    """The parser's complaint in plain words."""
    at = error.problem_mark or error.context_mark
    mark = Mark(file, at.line, at.column, 1) if at else Mark(file, 0, 0, 1)
    problem = (error.problem or "").lower()
    for part, message, fix in _SYNTAX:
        if part in problem:
            return TextFault("Y002", mark, message, fix)
    return TextFault(
        "Y002", mark, f"this is not YAML: {problem or 'it cannot be read'}", "check quotes and indentation"
    )


def character_fault(file: str, text: str, error: yaml.YAMLError) -> TextFault:
    """A character that YAML does not allow."""
    position = getattr(error, "position", 0) or 0
    raw = text.encode()[:position].decode(errors="replace")
    line = raw.count("\n")
    mark = Mark(file, line, len(raw) - raw.rfind("\n") - 1, 1)
    return TextFault("Y002", mark, "a character that YAML does not allow", "remove the control character")


_SYNTAX = (
    (
        "mapping values are not allowed",
        "a ': ' where no field can begin",
        "quote text that holds a colon; check the indentation",
    ),
    (
        "could not find expected ':'",
        "a field without its colon",
        "write `name: value`; check the indentation of this line and the one before",
    ),
    (
        "did not find expected ',' or ']'",
        "a list [ … ] that is not closed, or lacks a comma",
        "close it with ']' and part its members with ', '",
    ),
    (
        "did not find expected ',' or '}'",
        "a mapping { … } that is not closed, or lacks a comma",
        "close it with '}' and part its fields with ', '; quote text that holds a comma",
    ),
    (
        "did not find expected '-' indicator",
        "a line indented unlike the list around it",
        "begin each member of a list with '- ' at one column",
    ),
    (
        "did not find expected key",
        "a line indented unlike the fields around it, or text that needs quotes",
        "begin fields of one item at one column; quote text that holds ': ' or starts with a quote",
    ),
    (
        "block sequence entries are not allowed",
        "a '- ' where no list can begin",
        "put the list on the lines below its field",
    ),
    ("found unexpected end of stream", "a quote that is not closed", "close it"),
    (
        "found character that cannot start any token",
        "a character that cannot begin a value",
        "quote the value (it starts with %, @ or `)",
    ),
    ("found unknown escape character", "an unknown escape in double quotes", "use single quotes"),
    ("found undefined tag handle", "a value that starts with '!'", "quote the value"),
    ("while scanning an anchor", "a value that starts with '&' or '*'", "quote the value"),
    (
        "did not find expected alphabetic or numeric character",
        "a value that starts with '&' or '*'",
        "quote the value",
    ),
)
