"""Kubernetes manifests, Helm and Kustomize, and the controllers that watch over releases and scale."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_map, line_of

SIGNS = (
    Sign(
        act=Act.DEPLOYS,
        commands=phrases("""kubectl apply, kubectl set image, kubectl rollout restart, kubectl create -f,
                            kubectl replace, kubectl patch, argocd app sync, skaffold run, skaffold deploy"""),
    ),
    Sign(act=Act.DEPLOYS, commands=phrases("helm upgrade, helm install, helmfile apply, helmfile sync")),
    Sign(act=Act.ROLLS_BACK, commands=phrases("helm rollback")),
    Sign(act=Act.GUARDS_RELEASE, commands=phrases("helm upgrade --atomic, helm upgrade --rollback-on-failure")),
    Sign(act=Act.ROLLS_BACK, commands=phrases("kubectl rollout undo, argocd app rollback")),
    Sign(
        act=Act.SCALES,
        resources=names("k8s:HorizontalPodAutoscaler k8s:ScaledObject"),
        commands=phrases("kubectl autoscale"),
    ),
    Sign(act=Act.PROBES_HEALTH, resources=names("k8s:*+probe")),
    Sign(act=Act.SPLITS_TRAFFIC, resources=names("k8s:Rollout+canary k8s:Canary k8s:VirtualService+weight")),
    Sign(act=Act.SPLITS_TRAFFIC, resources=names("k8s:InferenceService+canary k8s:SeldonDeployment+weight")),
    Sign(act=Act.GUARDS_RELEASE, resources=names("k8s:AnalysisTemplate k8s:Canary")),
    Sign(act=Act.ALERTS, resources=names("k8s:PrometheusRule")),
    Sign(act=Act.MEASURES_SERVICE, resources=names("k8s:ServiceMonitor k8s:PodMonitor")),
    Sign(
        act=Act.SERVES, resources=names("k8s:InferenceService k8s:SeldonDeployment k8s:BentoDeployment k8s:RayService")
    ),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a resource for each manifest document, marked with the safeguards found in it."""
    for path in snapshot.ending(".yaml", ".yml"):
        text = snapshot.text(path)
        if "apiVersion" not in text or "kind" not in text:
            continue
        for document in map(as_map, snapshot.yaml(path)):
            if document.get("apiVersion") and document.get("kind"):
                yield from _resources(path, document)


def _resources(path: str, document: Map) -> Iterator[Fact]:
    kind, place = str(document["kind"]), Place(file=path, first=line_of(document), last=line_of(document))
    name = str(as_map(document.get("metadata")).get("name") or "")
    yield Resource(type=f"k8s:{kind}", name=name, place=place)
    keys = set(_keys(document))
    for mark, wanted in (
        ("probe", {"livenessProbe", "readinessProbe"}),
        ("canary", {"canary", "canaryTrafficPercent"}),
        ("weight", {"weight"}),
    ):
        if keys & wanted:
            yield Resource(type=f"k8s:{kind}+{mark}", name=name, place=place)


def _keys(value: object) -> Iterator[str]:
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, Map):
            yield from part
            stack += part.values()
        elif isinstance(part, list):
            stack += part
