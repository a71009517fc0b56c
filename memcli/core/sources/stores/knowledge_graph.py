"""The knowledge graph of MCP's memory server (`memory.jsonl`, `memory.json`): one memory for each entity.

Its observations are the text; its relations are links to the memories of other entities.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from memcli.core.memory.memory import TYPES
from memcli.core.sources.passage_text import LONGEST_TITLE, count_words, humanise, rule_type
from memcli.core.sources.source_reader import Extract, Reading, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.json_records import (
    JsonRecord,
    date_field,
    first_object,
    json_lines,
    json_units,
    json_value,
    located,
    objects,
    text_field,
)
from memcli.core.sources.stores.note_links import ids_by_name, with_note_links
from memcli.core.sources.stores.store_records import SkippedRecord, StoreRecord, records_reading
from memcli.core.sources.titles import first_claim

_TYPE_WORDS = (
    ("preference", r"preference|user|person|style"),
    ("decision", r"decision|adr"),
    ("constraint", r"constraint|rule|requirement|policy|invariant"),
    ("procedure", r"procedure|workflow|process|how[-_ ]?to|runbook|command|recipe"),
    ("event", r"event|session|meeting|milestone|log|thought|progress|status|incident"),
)
_PLAN = re.compile(r"(?i)(?:task|todo|ticket|plan|next[-_ ]?steps?|backlog)s?")
_REPORT = re.compile(
    r"(?i)^(?:successfully |all |final )*(?:completed?|fixed|implemented|updated|added|removed|refactored|migrated|"
    r"validated|verified|tests? |typescript compilation|status:|created:)"
)


@dataclass(frozen=True)
class GraphEntity:
    """An entity with its observations and its relations (kind, name of the other one)."""

    line: int
    name: str
    type: str
    observations: tuple[str, ...]
    dates: tuple[datetime, ...]
    relations: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The observations, then the relations, one in each line."""
        links = tuple(f"{humanise(kind).lower()}: [[{other}]]" for kind, other in self.relations)
        return "\n".join(f"- {line}" for line in (*self.observations, *links))


def graph_memories(path: str, text: str, known_paths: Collection[str] = ()) -> Reading:
    """What is made of a graph in one JSON value, or in one line for each entity and relation."""
    records, broken = _records(text)
    entities = list(_entities(records))
    made = ((entity.line, entity_record(entity)) for entity in entities)
    reading = records_reading(path, [*made, *((line, None) for line in broken)], known_paths)
    return replace(reading, extracts=tuple(_linked(entities, reading.extracts)))


def _linked(entities: Iterable[GraphEntity], extracts: Collection[Extract]) -> Iterator[Extract]:
    by_line = {extract.line: extract.memory.id for extract in reversed(list(extracts))}
    ids = ids_by_name((by_line[entity.line], entity.name, ()) for entity in entities if entity.line in by_line)
    for extract in extracts:
        body = with_note_links(extract.memory.body, ids)
        yield replace(extract, memory=replace(extract.memory, body=body))


def _records(text: str) -> tuple[list[JsonRecord], list[int]]:
    """The entities and relations of a text, and the lines that are broken."""
    graph = json_value(text)
    if isinstance(graph, dict) and "name" not in graph:
        listed = [{**fields, "type": "entity"} for fields in objects(graph.get("entities"))]
        relations = [{**fields, "type": "relation"} for fields in objects(graph.get("relations"))]
        return list(located(text, [*listed, *relations], "name", "from")), []
    if isinstance(graph, list):
        return list(located(text, objects(graph), "name", "from")), []
    lines = list(json_lines(text))
    return (
        [JsonRecord(line, value) for line, value in lines if isinstance(value, dict)],
        [line for line, value in lines if not isinstance(value, dict)],
    )


def _entities(records: Collection[JsonRecord]) -> Iterator[GraphEntity]:
    """The entities; of those with the same name the last one, with the observations of all."""
    relations: dict[str, dict[tuple[str, str], None]] = {}
    named: dict[str, GraphEntity] = {}
    for record in records:
        fields = record.fields
        ends = text_field(fields, "from"), text_field(fields, "to")
        if all(ends):
            kind = text_field(fields, "relationType", "relation_type", "type") or "relates to"
            relations.setdefault(ends[0], {})[(kind, ends[1])] = None
        elif name := text_field(fields, "name"):
            earlier = named.get(name)
            named[name] = _entity(record, name, earlier.observations if earlier else ())
    for name, entity in named.items():
        yield replace(entity, relations=tuple(relations.get(name, ())))


def _entity(record: JsonRecord, name: str, earlier: tuple[str, ...]) -> GraphEntity:
    stated = record.fields.get("observations")
    items = [
        item if isinstance(item, dict) else {"text": item} for item in (stated if isinstance(stated, list) else ())
    ]
    texts = tuple(filter(None, (text_field(item, "text", "content", "observation") for item in items)))
    dates = (date_field(item, "timestamp", "created_at", "createdAt") for item in (*items, record.fields))
    type_ = text_field(record.fields, "entityType", "entity_type")
    return GraphEntity(record.line, name, type_, tuple(dict.fromkeys((*earlier, *texts))), tuple(filter(None, dates)))


def entity_record(entity: GraphEntity) -> StoreRecord | SkippedRecord:
    """An entity as a record."""
    if count_words(" ".join(entity.observations)) < 3:
        return SkippedRecord("entities without observations")
    if _PLAN.fullmatch(entity.type):
        return SkippedRecord("tasks and plans")
    type_ = _entity_type(entity)
    return StoreRecord(
        (_title(entity),),
        entity.text,
        type_,
        entity.type or "general",
        created=min(entity.dates, default=None),
        modified=max(entity.dates, default=None),
        diary=type_ == "event",
    )


def _title(entity: GraphEntity) -> str:
    """The name, with the first claim where they are short enough together."""
    name = entity.name if " " in entity.name else humanise(entity.name)
    title = f"{name}: {first_claim(entity.text)}".rstrip(": ")
    return title if len(title) <= LONGEST_TITLE else name


def _entity_type(entity: GraphEntity) -> str:
    """The type that an entity's says; an event where most observations report what was done."""
    stated = entity.type.lower()
    words = (type_ for type_, pattern in _TYPE_WORDS if re.search(rf"(?:^|[-_ ])(?:{pattern})", stated))
    reports = sum(_REPORT.search(text) is not None for text in entity.observations)
    if reports * 2 > len(entity.observations):
        return "event"
    return stated if stated in TYPES else next(words, rule_type("", entity.text))


def is_graph(text: str) -> bool:
    """Whether a text is a graph, from its beginning."""
    head = text[:4000]
    if re.match(r'\s*\{\s*"(?:entities|relations)"\s*:\s*\[', head):
        return '"observations"' in text or '"relationType"' in text
    fields = first_object(text)
    if not fields and re.match(r"\s*\[\s*\{", head):
        return '"entityType"' in head and '"observations"' in head
    return {"name", "entityType", "observations"} <= fields.keys() or {"from", "to", "relationType"} <= fields.keys()


_NAMES = re.compile(r"(?i)(?:.*/)?(?:[\w.-]*memory|memories|knowledge[-_]?graph|graph)[\w.-]*\.jsonl?")


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return graph_memories(unit.root, tree.text(unit.root), tree.paths)


READER = SourceReader("knowledge-graph", "MCP memory graphs", json_units(_NAMES, is_graph), _read)
