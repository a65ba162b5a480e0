"""The files of a case as they are edited: checked before they are saved, never saved over another's work.

A file is named as the case's own reader lists it, and looked up in that list; so no name leads outside.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from threading import Lock

from suasion.base.diagnostics import errors, tally
from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.files import MOST_FILES, Folder, open_folder
from suasion.web.drafts import Draft, drafted, plain
from suasion.web.fault import Refused
from suasion.web.versions import create, kept, remove, removed, replace

_saving = Lock()
NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_-]*/){0,3}[A-Za-z0-9_][A-Za-z0-9_-]*\.yaml")
"""Names that a new file may have: no dots but the last, so that none is hidden or leads up."""
LONGEST = 120
"""Characters of a new file's name."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a case as it stands on the disk."""

    name: str
    """Its path within the case, such as `scenarios/june.yaml`."""
    text: str
    """Its text, with line ends as `\\n`."""
    digest: str
    """SHA-256 of its bytes: whoever saves says which text they began from."""


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
        return [text.name.removeprefix(f"{folder.name}/") for text in folder.texts]

    def read(self, name: str) -> File:
        """A file as it stands. Raises SuasionError for one that the case does not have."""
        self._listed(name)
        try:
            raw = (self.root / name).read_bytes()
            return File(name, plain(raw.decode("utf-8-sig")), sha256(raw).hexdigest())
        except (OSError, UnicodeDecodeError):
            raise Refused(
                404,
                "K220",
                f"{name} cannot be read any more",
                "open the page again to see the files that there are",
            ) from None

    def draft(self, name: str, text: str | None, glance: bool = False) -> Draft:
        """What the case would be with this text in the file's place, or without the file."""
        self._listed(name)
        return self._draft(name, text, glance)

    def save(self, name: str, text: str, digest: str, anyway: bool = False) -> File:
        """Put the text in the file's place and keep what it replaces.

        `digest` is that of the text from which the author began. Raises Changed when the file is another
        by now, and SuasionError for a case that is not to be written, a text with errors (unless `anyway`)
        and a disk that refuses.
        """
        self._listed(name)
        text = plain(text)
        self._sound(name, text, anyway)
        with _saving:
            now = self._unchanged(name, digest)
            if now.text != text:
                replace(self.root, name, text)
            return self.read(name)

    def create(self, name: str, text: str = "", anyway: bool = False) -> File:
        """Add a file to the case. Raises SuasionError as `save` does, and for a name that is not free."""
        self._free(name)
        text = plain(text)
        self._sound(name, text, anyway)
        with _saving:
            try:
                create(self.root, name, text)
            except FileExistsError:
                raise _taken(name) from None
            return self.read(name)

    def remove(self, name: str, digest: str, anyway: bool = False) -> None:
        """Take a file out of the case and keep what it held. Raises SuasionError as `save` does."""
        self._listed(name)
        if name == "case.yaml":
            raise Refused(
                409, "K322", "case.yaml stays: a folder without it is no case", "change what it holds"
            )
        self._sound(name, None, anyway)
        with _saving:
            self._unchanged(name, digest)
            remove(self.root, name)

    def removed(self) -> dict[str, list[str]]:
        """Files that were taken out of the case, each with its versions, newest first."""
        found = removed(self.root, self.names())
        return {name: sorted((each.stem for each in every), reverse=True) for name, every in found.items()}

    def versions(self, name: str) -> list[str]:
        """Earlier versions of a file, newest first, by the moment at which they were replaced."""
        self._listed(name)
        return sorted((each.stem for each in kept(self.root, name)), reverse=True)

    def version(self, name: str, moment: str) -> str:
        """The text of an earlier version."""
        if name not in removed(self.root, self.names()):
            self._listed(name)
        found = [each for each in kept(self.root, name) if each.stem == moment]
        if not found:
            raise Refused(
                404,
                "K220",
                f"there is no version of {name} from {moment[:40]}",
                "choose one of those listed",
            )
        return plain(found[0].read_text("utf-8-sig", errors="replace"))

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

    def _draft(self, name: str, text: str | None, glance: bool = False) -> Draft:
        text = None if text is None else plain(text)
        return drafted(self.where, self._folder(), name, text, glance)

    def _sound(self, name: str, text: str | None, anyway: bool) -> None:
        """Raises SuasionError if the case is not to be written, or could not be used with the text."""
        if self.read_only:
            raise Refused(
                403, "K222", f"'{self.where}' cannot be changed here", "copy the case to a folder of your own"
            )
        draft = self._draft(name, text)
        if not (draft.sound or anyway):
            how = "without this file" if text is None else "with this text"
            raise Refused(
                422,
                "K223",
                f"the case could not be used {how}: {tally(errors(draft.diagnostics))}",
                "correct the lines marked, or say that it is to be done all the same",
            )

    def _unchanged(self, name: str, digest: str) -> File:
        now = self.read(name)
        if now.digest != digest:
            raise Changed(name, now)
        return now

    def _listed(self, name: str) -> None:
        names = self.names()
        if name not in names:
            fix = did_you_mean(name, names, f"there are {listed(names, 20)}")
            raise Refused(404, "K220", f"the case has no file '{name[:80]}'", fix)

    def _free(self, name: str) -> None:
        """Raises SuasionError for a name that a file of a case cannot have, or that is taken."""
        if not NAME.fullmatch(name) or len(name) > LONGEST:
            raise Refused(
                422,
                "K321",
                f"a file of a case cannot be called '{name[:80]}'",
                "use letters, digits, _ and -, then .yaml, such as goals.yaml or conduct/goals.yaml",
            )
        root, names = self.root.resolve(), self.names()
        # Some disks hold Goals.yaml and goals.yaml for one file.
        if name.lower() in {each.lower() for each in names} or os.path.lexists(root / name):
            raise _taken(name)
        if not (root / name).resolve().is_relative_to(root):
            raise Refused(403, "K222", "the folder leads out of the case", "choose another folder")
        if len(names) >= MOST_FILES:
            raise Refused(409, "K321", f"a case has at most {MOST_FILES} files", "join files of one noun")


def _taken(name: str) -> Refused:
    return Refused(409, "K320", f"there is a file {name} already", "open it, or choose another name")
