"""The files of a case as they are edited: checked before they are saved, never saved over another's work.

A file is named as the case's own reader lists it, and looked up in that list; so no name leads outside.
What a save replaces is kept under `.versions/` in the case's folder, where reading a case does not look.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from threading import Lock

from suasion.base.diagnostics import Diagnostic, Place, errors, tally
from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.files import LARGEST, Folder, Text, open_folder
from suasion.case.find import index
from suasion.case.reader import check_case
from suasion.case.reading import Reading
from suasion.web.fault import Refused

VERSIONS = ".versions"
"""Folder of what saves have replaced; hidden, so that it is no part of the case."""
MOST_VERSIONS = 100
"""Versions kept of one file; beyond them the oldest goes."""
_saving = Lock()


@dataclass(frozen=True, slots=True)
class File:
    """A file of a case as it stands on the disk."""

    name: str
    """Its path within the case, such as `scenarios/june.yaml`."""
    text: str
    """Its text, with line ends as `\\n`."""
    digest: str
    """SHA-256 of its bytes: whoever saves says which text they began from."""


@dataclass(frozen=True, slots=True)
class Change:
    """An item that a text adds, takes away or changes."""

    noun: str
    """Plural of its noun."""
    id: str
    """Its id."""
    how: str
    """added, removed or changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is not saved yet, with what it would do."""

    diagnostics: tuple[Diagnostic, ...]
    """Every fault and remark of the case with this text in place; files are named within the case."""
    lines: tuple[str, ...]
    """The lines that differ from the saved text, as a unified diff without its headline."""
    changes: tuple[Change, ...]
    """The items that differ; none can be told while an error stands in the way."""

    @property
    def sound(self) -> bool:
        """Whether the case could be used with this text."""
        return not errors(self.diagnostics)


class Changed(Refused):
    """The file was saved by somebody else meanwhile; holds their version."""

    def __init__(self, name: str, theirs: File) -> None:
        """Keep their version beside the message."""
        super().__init__(
            409,
            "K221",
            f"{name} was changed by somebody else since you opened it",
            "look at both versions, take over what you want of theirs, and save again",
        )
        self.theirs = theirs


class Desk:
    """One case's folder, for reading and writing its files."""

    def __init__(self, where: str | Path) -> None:
        self.where = where
        """The folder, or the name of a packaged case."""

    @property
    def root(self) -> Path:
        """The folder itself."""
        root = self._folder().root
        if root is None:
            raise Refused(
                404, "K220", f"there is no case '{self.where}' any more", "see whether it was moved"
            )
        return root

    @property
    def read_only(self) -> bool:
        """Whether the case came with the package, or its folder cannot be written."""
        ours = Path(str(package_files("suasion"))).resolve()
        return self.root.resolve().is_relative_to(ours) or not os.access(self.root, os.W_OK)

    def names(self) -> list[str]:
        """Its files, sorted by path."""
        folder = self._folder()
        return [_within(folder, text) for text in folder.texts]

    def read(self, name: str) -> File:
        """A file as it stands. Raises SuasionError for one that the case does not have."""
        self._listed(name)
        try:
            raw = (self.root / name).read_bytes()
            return File(name, _plain(raw.decode("utf-8-sig")), sha256(raw).hexdigest())
        except (OSError, UnicodeDecodeError):
            raise Refused(
                404,
                "K220",
                f"{name} cannot be read any more",
                "open the page again to see the files that there are",
            ) from None

    def draft(self, name: str, text: str) -> Draft:
        """What the case would be with this text in the file's place."""
        self._listed(name)
        _bounded(text)
        folder = self._folder()
        before = next(each.text for each in folder.texts if _within(folder, each) == name)
        texts = tuple(
            Text(each.name, text) if _within(folder, each) == name else each for each in folder.texts
        )
        after = replace(folder, texts=texts)
        found = tuple(_inside(folder, fault) for fault in check_case(self.where, after))
        lines = tuple(differing(_plain(before), text))
        changes = () if errors(found) or not lines else tuple(self._changes(folder, after))
        return Draft(found, lines, changes)

    def save(self, name: str, text: str, digest: str, anyway: bool = False) -> File:
        """Put the text in the file's place and keep what it replaces.

        `digest` is that of the text from which the author began. Raises Changed when the file is another
        by now, and SuasionError for a case that is not to be written, a text with errors (unless `anyway`)
        and a disk that refuses.
        """
        if self.read_only:
            raise Refused(
                403, "K222", f"'{self.where}' cannot be changed here", "copy the case to a folder of your own"
            )
        draft = self.draft(name, text)
        if not (draft.sound or anyway):
            raise Refused(
                422,
                "K223",
                f"the case could not be used with this text: {tally(errors(draft.diagnostics))}",
                "correct the lines marked, or say that it is to be saved all the same",
            )
        with _saving:
            now = self.read(name)
            if now.digest != digest:
                raise Changed(name, now)
            if now.text != text:
                self._replace(name, text)
            return self.read(name)

    def versions(self, name: str) -> list[str]:
        """Earlier versions of a file, newest first, by the moment at which they were replaced."""
        return sorted((each.stem for each in self._kept(name)), reverse=True)

    def version(self, name: str, moment: str) -> str:
        """The text of an earlier version."""
        found = [each for each in self._kept(name) if each.stem == moment]
        if not found:
            raise Refused(
                404,
                "K220",
                f"there is no version of {name} from {moment[:40]}",
                "choose one of those listed",
            )
        return _plain(found[0].read_text("utf-8-sig", errors="replace"))

    def copy(self, to: Path) -> Path:
        """Copy the case's files to a folder that does not exist yet."""
        root, names = self.root, self.names()
        try:
            to.mkdir(parents=True)
            for name in names:
                (to / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, to / name)
        except FileExistsError:
            raise Refused(
                409,
                "K224",
                f"there is a folder {to} already",
                f"open it with `suasion serve {to}`, or move it away",
            ) from None
        except OSError as error:
            raise SuasionError(
                "F001", f"cannot write {to}: {error.strerror}", "choose another place"
            ) from None
        return to

    def _folder(self) -> Folder:
        return open_folder(self.where)

    def _listed(self, name: str) -> None:
        names = self.names()
        if name not in names:
            fix = did_you_mean(name, names, f"there are {listed(names, 20)}")
            raise Refused(404, "K220", f"the case has no file '{name[:80]}'", fix)

    def _kept(self, name: str) -> list[Path]:
        """Files of earlier versions; a link is none, since it may lead out of the case."""
        self._listed(name)
        folder = self._beside(name)
        return [each for each in folder.glob("*.yaml") if each.is_file() and not each.is_symlink()]

    def _beside(self, name: str) -> Path:
        """The folder of a file's earlier versions. Raises SuasionError if it leads out of the case."""
        root = self.root.resolve()
        folder = root / VERSIONS / name
        if folder.resolve() != folder:
            raise Refused(
                403,
                "K222",
                f"{VERSIONS} in the case's folder is a link",
                "remove it: versions stay in the case",
            )
        return folder

    def _replace(self, name: str, text: str) -> None:
        path = self.root / name
        raw = path.read_bytes()
        ends = "\r\n" if b"\r\n" in raw else "\n"
        moment = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
        kept = self._beside(name)
        try:
            kept.mkdir(parents=True, exist_ok=True)
            _write(kept / f"{moment}.yaml", raw)
            _write(path, text.replace("\n", ends).encode())
            for old in sorted(kept.glob("*.yaml"))[:-MOST_VERSIONS]:
                old.unlink()
        except OSError as error:
            raise SuasionError(
                "F001",
                f"cannot write {name}: {error.strerror}",
                "make room, or check the folder's permissions",
            ) from None

    def _changes(self, before: Folder, after: Folder) -> Iterator[Change]:
        was = Reading(self.where, before).under(None, hindsight=True).case
        now = Reading(self.where, after).under(None, hindsight=True).case
        if was is None or now is None:
            return
        old, new = index(was), index(now)
        for each in old.keys() - new.keys():
            yield Change(old[each].noun, each, "removed")
        for each, found in new.items():
            if each not in old:
                yield Change(found.noun, each, "added")
            elif old[each].record != found.record:
                yield Change(found.noun, each, "changed")


def _within(folder: Folder, text: Text) -> str:
    """A file's name without the case's own."""
    return text.name.removeprefix(f"{folder.name}/")


def _inside(folder: Folder, fault: Diagnostic) -> Diagnostic:
    """The fault with its file named within the case."""
    place = fault.place
    return replace(fault, place=Place(place.file.removeprefix(f"{folder.name}/"), place.line, place.column))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _bounded(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Refused(422, "K225", "the text holds half a character", "remove what cannot be shown") from None
    if size > LARGEST:
        raise Refused(413, "K225", f"the text is larger than {LARGEST // 1_000_000} MB", "split it by noun")


def differing(before: str, after: str) -> Iterator[str]:
    """The lines in which a text differs, as a unified diff without its headline."""
    diff = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=2)
    for number, line in enumerate(diff):
        if number > 1:  # the first two name the files
            yield line


def _write(path: Path, raw: bytes) -> None:
    """All or nothing: beside its place first, then moved there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
