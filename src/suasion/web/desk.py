"""The files of a case as they are edited: checked before they are saved, never saved over another's work.

A file is named as the case's own reader lists it, and looked up in that list; so no name leads outside.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from threading import Lock

from suasion.base.diagnostics import errors, tally
from suasion.base.errors import SuasionError
from suasion.base.names import did_you_mean, listed
from suasion.case.files import Folder, open_folder
from suasion.web.drafts import Draft, drafted, plain
from suasion.web.fault import Refused
from suasion.web.versions import kept, replace

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

    def draft(self, name: str, text: str) -> Draft:
        """What the case would be with this text in the file's place."""
        self._listed(name)
        return drafted(self.where, self._folder(), name, plain(text))

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
        text = plain(text)
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
                replace(self.root, name, text)
            return self.read(name)

    def versions(self, name: str) -> list[str]:
        """Earlier versions of a file, newest first, by the moment at which they were replaced."""
        self._listed(name)
        return sorted((each.stem for each in kept(self.root, name)), reverse=True)

    def version(self, name: str, moment: str) -> str:
        """The text of an earlier version."""
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

    def _listed(self, name: str) -> None:
        names = self.names()
        if name not in names:
            fix = did_you_mean(name, names, f"there are {listed(names, 20)}")
            raise Refused(404, "K220", f"the case has no file '{name[:80]}'", fix)
