"""Game files: Gambit's `.nfg` and the `.gmcr` of GMCR programs, read and written.

A file comes from anywhere, so every count is checked before anything is made of it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from suasion.base.errors import SuasionError
from suasion.games.gmcr import MOST_STATES
from suasion.games.normal_form import Game, size
from suasion.games.options import DIRECTIONS, Anyof, DecisionMaker, Option, OptionForm, Pattern

MOST_BYTES = 5_000_000
MOST_PROFILES = 200_000
MOST_OPTIONS = 16
MOST_PLAYERS = 16


def read_game(path: Path) -> Game | OptionForm:
    """A game from a `.nfg` or `.gmcr` file. Raises SuasionError where there is none that can be read."""
    readers: dict[str, Callable[[str], Game | OptionForm]] = {".nfg": parse_nfg, ".gmcr": parse_gmcr}
    if path.suffix not in readers:
        raise SuasionError("K110", f"'{path}' is no game file", "name a file that ends in .nfg or .gmcr")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SuasionError("K113", f"'{path}' is larger than 5 MB", "give a smaller game")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SuasionError("K110", f"'{path}' cannot be read: {error}", "name a text file") from None
    return readers[path.suffix](text)


# --- .nfg

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


# --- .gmcr


def parse_gmcr(text: str) -> OptionForm:
    """A conflict in option form, as gmcr-py and GMCR+ exchange it (JSON)."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _gmcr(f"no JSON: {error or 'nested too deep'}") from None
    fields = _mapping(data, "the file")
    options = tuple(_option(each) for each in _list(fields.get("options"), "options"))
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise SuasionError("K113", f"there are {len(options)} options", f"give 1 to {MOST_OPTIONS}")
    infeasible = tuple(
        _anyof(each, len(options)) for each in _list(fields.get("infeasibles", []), "infeasibles")
    )
    bare = OptionForm(options, (), infeasible)
    states = len(bare.states())
    if not 1 <= states <= MOST_STATES:
        raise SuasionError("K113", f"{states:,} states are left", f"leave 1 to {MOST_STATES:,} feasible ones")
    manual = bool(fields.get("useManualPreferenceRanking") or fields.get("useManualPreferenceVectors"))
    rows = _list(fields.get("decisionMakers"), "decisionMakers")
    if not 1 <= len(rows) <= MOST_PLAYERS:
        raise _gmcr(f"there are {len(rows)} decision makers")
    makers = tuple(_maker(each, len(options), states, manual) for each in rows)
    owners = [o for maker in makers for o in maker.options]
    if sorted(owners) != list(range(len(options))):
        raise _gmcr("every option needs one decision maker, and only one")
    coalitions = _coalitions(fields.get("coalitions", []), len(makers))
    return OptionForm(options, makers, infeasible, coalitions, _name(fields.get("title", ""), "title"))


def _option(data: object) -> Option:
    fields = _mapping(data, "an option")
    direction = fields.get("permittedDirection", "both")
    if direction not in DIRECTIONS:
        raise _gmcr(f"{_short(str(direction))} is no direction of an option ({', '.join(DIRECTIONS)})")
    return Option(_name(fields.get("name"), "an option's name"), str(direction))


def _maker(data: object, options: int, states: int, manual: bool) -> DecisionMaker:
    fields = _mapping(data, "a decision maker")
    name = _name(fields.get("name"), "a decision maker's name")
    if fields.get("misperceptions"):
        raise _gmcr(f"'{name}' misperceives states, which is not dealt with here")
    own = tuple(_index(o, options, "an option") for o in _list(fields.get("options"), f"options of '{name}'"))
    ranked = fields.get("preferenceRanking") or fields.get("preferenceVectorOrdinal")
    if manual or (ranked and not fields.get("preferences")):
        return DecisionMaker(name, own, ranking=_ranking(ranked, states, name))
    said = _list(fields.get("preferences", []), f"preferences of '{name}'")
    return DecisionMaker(name, own, statements=tuple(_anyof(each, options) for each in said))


def _ranking(data: object, states: int, name: str) -> tuple[tuple[int, ...], ...]:
    groups = []
    for each in _list(data, f"preferenceRanking of '{name}'"):
        group = each if isinstance(each, list) else [each]
        groups.append(tuple(_index(s, states + 1, f"a state ranked by '{name}'") for s in group))
    if sorted(s for group in groups for s in group) != list(range(1, states + 1)):
        raise _gmcr(f"'{name}' must rank each of the {states} feasible states once, numbered from 1")
    return tuple(groups)


def _anyof(data: object, options: int) -> Anyof:
    """One pattern, or a compound of several."""
    members = _list(data["members"], "members") if isinstance(data, dict) and "members" in data else [data]
    return tuple(_pattern(member, options) for member in members)


def _pattern(data: object, options: int) -> Pattern:
    found = []
    for each in _list(data, "a pattern"):
        if not (isinstance(each, list) and len(each) == 2 and each[1] in ("Y", "N")):
            raise _gmcr(f'a pattern holds pairs such as [0, "Y"], not {_short(json.dumps(each))}')
        found.append((_index(each[0], options, "an option in a pattern"), each[1] == "Y"))
    if not found:
        raise _gmcr("a pattern is empty: every state would fit it")
    return tuple(found)


def _coalitions(data: object, makers: int) -> tuple[tuple[int, ...], ...]:
    groups = [each if isinstance(each, list) else [each] for each in _list(data, "coalitions")]
    return tuple(tuple(_index(m, makers, "a member of a coalition") for m in g) for g in groups if len(g) > 1)


def _mapping(data: object, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _gmcr(f"{what} must be an object")
    return data


def _list(data: object, what: str) -> list[Any]:
    if not isinstance(data, list):
        raise _gmcr(f"'{what}' must be a list")
    return data


def _name(data: object, what: str) -> str:
    if not isinstance(data, str) or len(data) > 1000:
        raise _gmcr(f"{what} must be a short text")
    return data


def _index(data: object, most: int, what: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data < most:
        raise _gmcr(f"{_short(json.dumps(data))} is not {what}")
    return data


def _gmcr(message: str) -> SuasionError:
    return SuasionError("K112", message, "see docs/equilibrium.md for the form of a .gmcr file")


def write_gmcr(form: OptionForm) -> str:
    """The conflict as `.gmcr` JSON; preferences as they were given, rankings or statements."""

    def anyof(patterns: Anyof) -> object:
        plain = [[[o, "Y" if taken else "N"] for o, taken in pattern] for pattern in patterns]
        return plain[0] if len(plain) == 1 else {"compound": True, "members": plain}

    def maker(each: DecisionMaker) -> dict[str, object]:
        ranking = [list(g) if len(g) > 1 else g[0] for g in each.ranking]
        said = [anyof(s) for s in each.statements]
        return {
            "name": each.name,
            "options": list(each.options),
            "preferences": said,
            "preferenceRanking": ranking,
        }

    alone = [m for m in range(len(form.makers)) if not any(m in c for c in form.coalitions)]
    data = {
        "program": "gmcr-py",
        "version": "0.3.6",
        "title": form.title,
        "options": [{"name": o.name, "permittedDirection": o.direction} for o in form.options],
        "decisionMakers": [maker(each) for each in form.makers],
        "infeasibles": [anyof(each) for each in form.infeasible],
        "useManualPreferenceRanking": all(m.ranking for m in form.makers),
        "coalitions": [*alone, *map(list, form.coalitions)],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
