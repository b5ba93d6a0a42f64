"""Terraform and its kin: declared resources, with whether a schedule in them is switched on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from generator.model.scan import Act, Fact, Place, Resource, Task, Trigger, Use
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

LARGEST = 200_000
SCHEDULES = (
    "aws_cloudwatch_event_rule",
    "aws_scheduler_schedule",
    "google_cloud_scheduler_job",
    "azurerm_logic_app_trigger_recurrence",
)
OFF = frozenset(['"DISABLED"', "false"])
SIGNS = (
    Sign(
        act=Act.ALERTS,
        resources=names("terraform:aws_cloudwatch_metric_alarm terraform:google_monitoring_alert_policy"),
    ),
    Sign(
        act=Act.ALERTS,
        resources=names("terraform:azurerm_monitor_*alert* terraform:grafana_rule_group terraform:datadog_monitor"),
    ),
    Sign(
        act=Act.SCALES,
        resources=names("terraform:aws_appautoscaling_* terraform:*_autoscaler terraform:*autoscale_setting"),
    ),
    Sign(
        act=Act.DETECTS_DRIFT,
        resources=names("terraform:aws_sagemaker_monitoring_schedule terraform:aws_sagemaker_*_job_definition"),
    ),
    Sign(act=Act.LOGS_PREDICTIONS, resources=names("terraform:*+data_capture_config")),
    Sign(
        act=Act.SHARES_FEATURES,
        resources=names("terraform:aws_sagemaker_feature_group terraform:google_vertex_ai_feature*"),
    ),
    Sign(act=Act.SERVES, resources=names("terraform:aws_sagemaker_endpoint terraform:google_vertex_ai_endpoint")),
    Sign(act=Act.RUNS_PIPELINE, uses=names("terraform:aws_sagemaker_pipeline terraform:google_vertex_ai_pipeline*")),
    Sign(act=Act.GUARDS_RELEASE, resources=names("terraform:*+auto_rollback_configuration")),
    Sign(act=Act.SPLITS_TRAFFIC, resources=names("terraform:*+canary_size terraform:*+traffic_routing_configuration")),
)
BLOCKS = frozenset(
    ["data_capture_config", "auto_rollback_configuration", "canary_size", "traffic_routing_configuration"]
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a resource for each resource block, and a task for each schedule."""
    for path in snapshot.ending(".tf"):
        text = snapshot.text(path)
        if len(text) > LARGEST:
            snapshot.skip(path, "scan.skip-large")
            continue
        blocks = list(_blocks(_parser().parse(text.encode()).root_node))
        for block in blocks:
            yield from _resource(path, block, blocks)


@cache
def _parser() -> Parser:
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def _blocks(root: Node) -> Iterator[Node]:
    bodies = [child for child in root.children if child.type == "body"]
    yield from (block for body in bodies for block in body.children if block.type == "block")


def _resource(path: str, block: Node, others: list[Node]) -> Iterator[Fact]:
    words = _heading(block)
    if len(words) < 3 or words[0] != "resource":
        return
    place = Place(file=path, first=block.start_point[0] + 1, last=block.end_point[0] + 1)
    yield Resource(type=f"terraform:{words[1]}", name=words[2], place=place)
    attributes, inner = _inside(block)
    for name in sorted(inner & BLOCKS):
        yield Resource(type=f"terraform:{words[1]}+{name}", name=words[2], place=place)
    if words[1] in SCHEDULES and attributes.keys() & {"schedule_expression", "schedule"}:
        off = (
            any(attributes.get(key) in OFF for key in ("state", "is_enabled", "enabled"))
            or attributes.get("paused") == "true"
        )
        yield Task(
            kind="resource",
            ecosystem="terraform",
            name=words[2],
            place=place,
            triggers=frozenset({Trigger.SCHEDULE}),
            uses=tuple(Use(name=f"terraform:{kind}", place=place) for kind in _started(words, block, others)),
            off="scan.off-condition" if off else "",
        )


def _heading(block: Node) -> list[str]:
    return [_text(child).strip('"') for child in block.children if child.type in {"identifier", "string_lit"}]


def _started(words: list[str], block: Node, others: list[Node]) -> list[str]:
    """Return the types of the resources that a schedule names, or that a target of it in the same file names."""
    targets = [_text(other) for other in others if _heading(other)[1:2] == ["aws_cloudwatch_event_target"]]
    texts = [_text(block), *(text for text in targets if f"{words[1]}.{words[2]}" in text)]
    found = [kind for text in texts for kind in re.findall(r"\b((?:aws|google|azurerm)_\w+)\.\w+", text)]
    return sorted(set(found) - {words[1]})


def _inside(block: Node) -> tuple[dict[str, str], set[str]]:
    """Return the attributes of a block as written, and the names of the blocks in it, at any depth."""
    attributes: dict[str, str] = {}
    names_: set[str] = set()
    stack = list(block.children)
    while stack:
        node = stack.pop()
        if node.type == "attribute" and len(node.children) > 2:
            attributes.setdefault(_text(node.children[0]), _text(node.children[2]))
        elif node.type == "block":
            names_.add(_text(node.children[0]))
            stack += node.children
        elif node.type == "body":
            stack += node.children
    return attributes, names_


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
