"""A note of a folder: its title, text, tags, type and day, in any of the markups that people write notes in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath

from memcli.core.memory.memory import TYPES
from memcli.core.sources.lenient_front_matter import LenientDocument
from memcli.core.sources.passage_text import (
    LONGEST_TITLE,
    contains,
    count_words,
    has_shell,
    humanise,
    is_how_to,
    title_text,
    without_fences,
)
from memcli.core.sources.titles import first_claim, heading_title, is_generic, passage_title
from memcli.core.sources.written_dates import written_date

MAX_TAGS = 20
OPENING = 600
"""Characters in which a note says what it is about."""
_DIARIES = re.compile(
    r"(?i)[\W\d_]*(?:daily|journals?|diary|diaries|weekly|logs?|meetings?|standups?)(?:[-_ ]?notes?)?"
)
_DAY_NAME = re.compile(
    r"(?i)\W*(?:\d{4}[-_.]?(?:\d\d[-_.]?\d\d|w\d\d|q\d|\d\d)?|\w{3,9} \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
    r"(?:[-_ ,]*\w{3,6}day)?\W*"
)
_HEADINGS = {
    ".org": re.compile(r"(?:#\+title:|\*)[ \t]+([^\n]+)\n?", re.IGNORECASE),
    ".adoc": re.compile(r"=[ \t]+([^\n]+)\n?"),
    ".rst": re.compile(r"(?:[=\-~*#]{3,}[ \t]*\n)?([^\n]+)\n(?:={3,}|-{3,}|~{3,}|\*{3,}|#{3,})[ \t]*(?:\n|\Z)"),
    ".txt": re.compile(r"([^\n]+)\n={3,}[ \t]*(?:\n|\Z)"),
}
_MARKDOWN_HEADING = re.compile(r"#[ \t]+([^\n]+)\n?|([^\n#>|\-*`][^\n]*)\n=+[ \t]*(?:\n|\Z)")
_IMAGE = (
    r"!\[\[[^\]\n]{1,300}\.(?:png|jpe?g|gif|svg|webp|bmp|avif|pdf|mp4)[^\]\n]{0,100}\]\]|"
    r"!\[[^\]\n]{0,300}\]\([^)\n]{1,1000}\)"
)
_IMAGE_LINE = re.compile(rf"(?im)^[ \t]*(?:{_IMAGE})[ \t]*(?:\n|\Z)")
_CALLOUT = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+(?:\[![^\]\n]{1,30}\][+-]?)?[ \t]*")
_TAG = re.compile(r"(?<!\S)#([^\W\d_][\w/-]{1,40})(?=[\s,.;:!?)]|\Z)")
_TAG_LINE = re.compile(r"(?m)^[ \t]*(?:tags?:[ \t]*)?((?:#[^\W\d_][\w/-]*[ \t,]*)+)$", re.IGNORECASE)


@dataclass(frozen=True)
class FolderNote:
    """A note: its path, its front matter and body; `has_tags`: whether `#word` anywhere in its text is a tag."""

    path: str
    document: LenientDocument
    has_tags: bool = False

    @property
    def stem(self) -> str:
        """The file's name without its suffix."""
        return PurePosixPath(self.path).stem

    @cached_property
    def _headed(self) -> tuple[str, str]:
        """The heading that the body begins with, and the rest; the whole body where it begins with none."""
        body, suffix = self.document.body, PurePosixPath(self.path).suffix.lower()
        if len(re.findall(r"(?m)^#[ \t]+\S", without_fences(body))) > 1:
            return "", body  # sections, below the file's name
        text = body.lstrip()
        match = _HEADINGS.get(suffix, _MARKDOWN_HEADING).match(text)
        heading = title_text(next(filter(None, match.groups()), "").rstrip("# \t")) if match else ""
        return (heading, text[match.end() :]) if match and heading else ("", body)

    @cached_property
    def title(self) -> str:
        """The stated title, the heading or the file's name: the first that names something; with the first claim where
        that is one word or says nothing."""
        stem = humanise(re.sub(r"\A\d{8,14}[\s_-]+(?=\D)", "", self.stem))
        names = (self.document.get("title"), self._headed[0], stem)
        name = next((name for name in names if heading_title(name) and not is_generic(name)), stem)
        prose = _CALLOUT.sub("", self.text)
        title = passage_title(prose, (name,)) or heading_title(name) or "Note"
        return title if count_words(title) > 1 else _with_claim(title, first_claim(prose[:OPENING]))

    @cached_property
    def text(self) -> str:
        """The text without the heading, lines that are an image, and tags that stand alone; then its other names."""
        heading, rest = self._headed
        kept = rest if heading_title(heading) == heading and not is_generic(heading) else self.document.body
        text = _TAG_LINE.sub("", _IMAGE_LINE.sub("", kept)).strip("\n").rstrip()
        others = ", ".join(alias for alias in self.aliases if not contains(f"{heading}\n{text}", alias))
        return f"{text}\n\nAlso called: {others}" if others and text else text

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""
        stated = self.document.get("aliases", "alias").strip("[]")
        return tuple(filter(None, (name.strip(" \"'") for name in stated.split(","))))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in the front matter and in the text."""
        stated = re.split(r"[,\s]+", self.document.get("tags", "tag", "keywords").strip("[]"))
        return tuple(dict.fromkeys(tag.strip("#\"'") for tag in (*stated, *self._tags_in_text()) if tag))[:MAX_TAGS]

    def _tags_in_text(self) -> Iterator[str]:
        prose = re.sub(r"`[^`\n]*`", "", without_fences(self.document.body))
        places = [prose] if self.has_tags else [match[1] for match in _TAG_LINE.finditer(prose)]
        return (tag for place in places for tag in _TAG.findall(place))

    @cached_property
    def is_diary(self) -> bool:
        """Whether it is about a day or a week: its name is one, or its directory is for such notes."""
        parents = PurePosixPath(self.path).parts[:-1]
        return bool(_DAY_NAME.fullmatch(self.stem)) or any(map(_DIARIES.fullmatch, parents))

    @property
    def type(self) -> str:
        """The stated type, an event in a diary, a procedure with steps or commands, else a fact."""
        stated = self.document.get("type").lower()
        if self.is_diary:
            return "event"
        how_to = is_how_to("", self.text) or has_shell(self.text) or re.match(r"(?i)how to\b", self.title)
        return stated if stated in TYPES else "procedure" if how_to else "fact"

    @property
    def created(self) -> datetime | None:
        """The day that the front matter or the file's name states."""
        stated = self.document.get("created", "date", "created_at", "date_created", "creation_date")
        return written_date(stated) or written_date(self.stem.replace("_", "-"))

    @property
    def modified(self) -> datetime | None:
        """The day of the last change that the front matter states."""
        return written_date(self.document.get("modified", "updated", "updated_at", "last_modified", "date_modified"))


def _with_claim(name: str, claim: str) -> str:
    """A name with what is claimed about it, if that is not too long; the claim alone where it says the name."""
    title = claim if re.search(rf"(?i)\b{re.escape(name)}\b", claim) else f"{name}: {claim}"
    return title if claim and len(title) <= LONGEST_TITLE else name
