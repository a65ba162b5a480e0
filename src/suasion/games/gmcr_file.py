"""The `.gmcr` of GMCR programs: conflicts in option form as JSON, read and written.

A file comes from anywhere, so every part is checked before anything is made of it.
"""

from __future__ import annotations

import json
from typing import Any

from suasion.base.errors import SuasionError
from suasion.games.gmcr import MOST_STATES
from suasion.games.options import DIRECTIONS, Anyof, DecisionMaker, Option, OptionForm, Pattern

MOST_OPTIONS = 16
MOST_MAKERS = 16


def parse_gmcr(text: str) -> OptionForm:
    """A conflict in option form, as gmcr-py keeps it (JSON)."""
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
    if not 1 <= len(rows) <= MOST_MAKERS:
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


def _short(word: str) -> str:
    return f"'{word}'" if len(word) <= 40 else f"'{word[:40]}…'"
