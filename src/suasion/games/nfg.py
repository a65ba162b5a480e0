"""Gambit's `.nfg`: games in normal form, read and written.

A file comes from anywhere, so every count is checked before anything is made of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from suasion.base.errors import SuasionError
from suasion.games.normal_form import Game, size

MOST_PROFILES = 200_000
MOST_PLAYERS = 16

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}",]+)|,|\s+', re.DOTALL)


class _Tokens:
    """The words of a `.nfg` file with their lines, one after the other."""

    def __init__(self, text: str) -> None:
        self.line, self.last = 1, 1
        self._next = self._words(text)
        self.now = next(self._next)

    def _words(self, text: str) -> Iterator[tuple[str, str, int]]:
        place = line = 0
        while place < len(text):
            match = TOKEN.match(text, place)
            if match is None:
                raise _nfg(line + 1, "a quotation mark is not closed", "close it")
            here, place = line + 1, match.end()
            line += match[0].count("\n")
            if match[1] is not None:
                yield "text", re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL), here
            elif match[2] or match[3]:
                yield ("brace" if match[2] else "word"), match[2] or match[3], here
        yield "end", "the end of the file", line + 1

    def at(self, kind: str, value: str | None = None) -> bool:
        """Whether the next word is of a kind (and is the very one)."""
        return self.now[0] == kind and value in (None, self.now[1])

    def take(self, kind: str, what: str, value: str | None = None) -> str:
        """The next word, which must be what is expected."""
        if not self.at(kind, value):
            raise _nfg(
                self.now[2], f"{what} expected, but there is {_short(self.now[1])}", "see docs/equilibrium.md"
            )
        found = self.now[1]
        self.last = self.now[2]
        if kind != "end":
            self.now = next(self._next)
        return found


def parse_nfg(text: str) -> Game:
    """A game in Gambit's format, with payoffs or with outcomes.

    Payoffs stand profile by profile, the first player's strategy changing fastest.
    """
    tokens = _Tokens(text)
    tokens.take("word", "NFG", "NFG")
    tokens.take("word", "the version 1", "1")
    if not (tokens.at("word", "R") or tokens.at("word", "D")):
        tokens.take("word", "R or D", "R")
    tokens.take("word", "R or D")
    title = tokens.take("text", "the title in quotation marks")
    players = _texts(tokens, "the players")
    if not 1 <= len(players) <= MOST_PLAYERS:
        raise _nfg(tokens.last, f"there are {len(players)} players", f"name 1 to {MOST_PLAYERS}")
    strategies = _strategies(tokens, len(players))
    shape = [len(names) for names in strategies]
    if size(shape) * len(players) > MOST_PROFILES:
        raise SuasionError("K113", f"the game has {size(shape):,} profiles", "give a smaller game")
    if tokens.at("text"):
        tokens.take("text", "a comment")
    each = (
        _outcomes(tokens, players, size(shape))
        if tokens.at("brace", "{")
        else _payoffs(tokens, players, size(shape))
    )
    tokens.take("end", "nothing more")
    payoffs = np.stack([column.reshape(shape, order="F") for column in each.T])
    return Game(players, strategies, payoffs, title)


def _texts(tokens: _Tokens, what: str) -> tuple[str, ...]:
    tokens.take("brace", f"{{ before {what}", "{")
    found = []
    while tokens.at("text"):
        found.append(tokens.take("text", what))
    tokens.take("brace", f"}} after {what}", "}")
    return tuple(found)


def _strategies(tokens: _Tokens, players: int) -> tuple[tuple[str, ...], ...]:
    """Names of the strategies, or how many each player has."""
    tokens.take("brace", "{ before the strategies", "{")
    found: list[tuple[str, ...]] = []
    while not tokens.at("brace", "}"):
        if tokens.at("brace", "{"):
            found.append(_texts(tokens, "a player's strategies"))
        else:
            count = _whole(tokens, "a number of strategies", MOST_PROFILES)
            found.append(tuple(str(s + 1) for s in range(count)))
    tokens.take("brace", "} after the strategies", "}")
    if len(found) != players or not all(found):
        raise _nfg(
            tokens.last, f"{players} players, but strategies of {len(found)}", "give every player some"
        )
    return tuple(found)


def _payoffs(tokens: _Tokens, players: tuple[str, ...], profiles: int) -> np.ndarray:
    needed = profiles * len(players)
    found: list[float] = []
    while not tokens.at("end") and len(found) <= needed:
        found.append(_number(tokens))
    if len(found) != needed:
        many = f"more than {needed}" if len(found) > needed else str(len(found))
        raise _nfg(
            tokens.now[2], f"{needed} payoffs expected, but there are {many}", "one a profile and player"
        )
    return np.array(found).reshape(profiles, len(players))


def _outcomes(tokens: _Tokens, players: tuple[str, ...], profiles: int) -> np.ndarray:
    """Payoffs by numbered outcomes; outcome 0 pays nothing."""
    tokens.take("brace", "{ before the outcomes", "{")
    table = [[0.0] * len(players)]
    while tokens.at("brace", "{"):
        tokens.take("brace", "{", "{")
        tokens.take("text", "the name of an outcome")
        table.append([_number(tokens) for _ in players])
        tokens.take("brace", "} after an outcome", "}")
    tokens.take("brace", "} after the outcomes", "}")
    which = [_whole(tokens, "the number of an outcome", len(table) - 1) for _ in range(profiles)]
    return np.array(table)[which]


def _number(tokens: _Tokens) -> float:
    word = tokens.take("word", "a payoff")
    try:
        # A rational may be huge above and below; an exponent may not.
        value = float(Fraction(word)) if "/" in word and len(word) < 200 else float(word)
    except (ValueError, ZeroDivisionError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise _nfg(tokens.last, f"{_short(word)} is no payoff", "write numbers such as 2, 0.5 or 1/3")
    return value


def _whole(tokens: _Tokens, what: str, most: int) -> int:
    word = tokens.take("word", what)
    if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word) <= most):
        raise _nfg(tokens.last, f"{_short(word)} is not {what}", f"write a whole number up to {most}")
    return int(word)


def _nfg(line: int, message: str, fix: str) -> SuasionError:
    return SuasionError("K111", f"line {line}: {message}", fix)


def _short(word: str) -> str:
    return f"'{word}'" if len(word) <= 40 else f"'{word[:40]}…'"


def write_nfg(game: Game) -> str:
    """The game in Gambit's format, payoff version; numbers keep all their digits."""

    def quoted(name: str) -> str:
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    names = "\n".join("{ " + " ".join(map(quoted, own)) + " }" for own in game.strategies)
    flat = np.stack([p.reshape(-1, order="F") for p in game.payoffs], axis=1)
    rows = "\n".join(" ".join(repr(float(value)) for value in row) for row in flat)
    players = " ".join(map(quoted, game.players))
    return f'NFG 1 R {quoted(game.title)} {{ {players} }}\n\n{{ {names}\n}}\n""\n\n{rows}\n'
