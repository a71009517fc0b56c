"""THE registry of readers: a new kind of source is a module and a row here. Earlier rows take a path first."""

from __future__ import annotations

from memcli.core.sources.code import code_comments, code_owners
from memcli.core.sources.decisions import decision_directories
from memcli.core.sources.documents import guides, pages
from memcli.core.sources.notes import notes_folders
from memcli.core.sources.rules import agent_rules, skills
from memcli.core.sources.source_reader import SourceReader
from memcli.core.sources.stores import (
    agent_notes,
    basic_memory,
    beads,
    codex_memories,
    exported_copies,
    kage,
    knowledge_graph,
    letta_agent_file,
    letta_blocks,
    mem_jsonl,
    mem_markdown,
    memory_bank,
    memory_exports,
    okf,
)

READERS: tuple[SourceReader, ...] = (
    mem_markdown.READER,
    mem_jsonl.READER,
    kage.READER,
    okf.READER,
    exported_copies.READER,
    memory_bank.READER,
    codex_memories.READER,
    letta_blocks.READER,
    letta_agent_file.READER,
    beads.READER,
    knowledge_graph.READER,
    memory_exports.READER,
    agent_notes.READER,
    basic_memory.READER,
    decision_directories.READER,
    skills.READER,
    agent_rules.READER,
    notes_folders.READER,
    code_owners.READER,
    guides.READER,
    pages.READER,
    code_comments.READER,
)
OPTIONS = frozenset(reader.option for reader in READERS if reader.option)
