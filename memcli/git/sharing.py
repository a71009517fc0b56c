"""Who may use a repository, as its setting core.sharedRepository tells git; imports next to nothing."""

from __future__ import annotations

from memcli.git.layout import Layout, text_of_file
from memcli.system import file_modes

_OWNER, _GROUP, _EVERYBODY = 0o600, 0o660, 0o664
_WORDS = {"umask": _OWNER, "false": _OWNER, "no": _OWNER, "off": _OWNER, "0": _OWNER,
          "group": _GROUP, "true": _GROUP, "yes": _GROUP, "on": _GROUP, "1": _GROUP,
          "all": _EVERYBODY, "world": _EVERYBODY, "everybody": _EVERYBODY, "2": _EVERYBODY}  # fmt: skip


def apply_sharing(layout: Layout) -> None:
    """Give what this process makes from now on the modes that the repository's setting asks for."""
    value = _setting(text_of_file(layout.common_dir))
    mode = _WORDS.get(value.lower())
    if mode is not None:
        file_modes.use_directory_mode(_for_directories(mode))
    elif value and not value.strip("01234567"):  # instead of the umask: these bits and no others
        exact = _for_directories(int(value, 8) & 0o666 | _OWNER)
        file_modes.use_directory_mode(exact, 0o777 & ~exact)
    else:
        file_modes.use_directory_mode(file_modes.PRIVATE)


def _for_directories(mode: int) -> int:
    """Who may read may enter; what is made below belongs to the same group."""
    return mode | (mode & 0o444) >> 2 | (0o2000 if mode & 0o060 else 0)


def _setting(config: str) -> str:
    """core.sharedRepository in a repository's own config, where alone git looks for it."""
    if "sharedrepository" not in config.lower():
        return ""
    section = value = ""
    for line in map(str.strip, config.splitlines()):
        if line.startswith("["):
            section, _, line = line[1:].partition("]")
        name, sign, text = line.partition("=")
        if section.strip().lower() == "core" and name.strip().lower() == "sharedrepository":
            value = text.partition("#")[0].partition(";")[0].strip().strip('"') if sign else "true"
    return value
