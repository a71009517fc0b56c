"""Files that say what a repository is built with: manifests of packages, build files, and the configuration of CI."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from memcli.core.sources.source_paths import is_third_party
from memcli.core.sources.source_tree import SourceTree

MOST = 60
"""Manifests of a tree that are read, those nearest to the root first."""
_NAME = re.compile(
    r"(?i)package\.json|deno\.jsonc?|cargo\.toml|go\.mod|pyproject\.toml|setup\.(?:py|cfg)|[\w-]*requirements[\w-]*\.txt|"
    r"pipfile|tox\.ini|noxfile\.py|gemfile|.*\.gemspec|mix\.exs|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|"
    r"libs\.versions\.toml|composer\.json|.*\.(?:cs|fs)proj|directory\.packages\.props|cmakelists\.txt|gnumakefile|"
    r"makefile(?:\.am)?|justfile|configure\.ac|meson\.build|build\.zig(?:\.zon)?|dockerfile.*|.*\.dockerfile|"
    r"(?:docker-)?compose.*\.ya?ml|versions\.tf|flake\.nix|package\.swift|podfile|module\.bazel|workspace|"
    r"\.gitlab-ci\.yml|jenkinsfile|\.travis\.yml|\.pre-commit-config\.yaml|chart\.yaml|[\w-]+\.config\.[cm]?[jt]s|"
    r"tsconfig.*\.json|.*\.lock|package-lock\.json|pnpm-lock\.yaml|go\.sum|rust-toolchain(?:\.toml)?"
)
_LOCKED = re.compile(r"(?i).*\.lock|package-lock\.json|pnpm-lock\.yaml|go\.sum")


def is_manifest(path: str) -> bool:
    """Whether a file says what the repository is built with."""
    in_workflows = ".github/workflows/" in path or path.startswith(".circleci/")
    return in_workflows or _NAME.fullmatch(PurePosixPath(path).name) is not None


def manifest_words(tree: SourceTree) -> str:
    """What the manifests of a tree say, without the signs in names: for looking up what is in use."""
    written = (path for path in tree.ordered if is_manifest(path) and not _LOCKED.fullmatch(PurePosixPath(path).name))
    nearest = sorted((path for path in written if not is_third_party(path)), key=lambda path: (path.count("/"), path))
    return bare_name("\n".join(map(tree.peek, nearest[:MOST])))


def are_in_use(names: Iterable[str], words: str) -> bool:
    """Whether one of the names stands in the words of manifests."""
    return any(bare_name(name) in words for name in names)


def bare_name(name: str) -> str:
    """A name in lower case without hyphens, underscores and dots, which its spellings differ in."""
    return re.sub(r"[-_.]", "", name.lower())
