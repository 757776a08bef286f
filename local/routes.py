"""Which route of the REST API a request takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from local.model import Route


@dataclass(frozen=True)
class Match:
    """A route and the values of its path parameters, decoded once; None where the path has none."""

    route: Route
    parameters: Mapping[str, str] | None


@dataclass
class _Resource:
    """One node of the tree: the methods at this path, and what may follow it."""

    methods: dict[str, Route] = field(default_factory=dict)
    children: dict[str, "_Resource"] = field(default_factory=dict)
    parameter: "tuple[str, _Resource] | None" = None
    greedy: "tuple[str, _Resource] | None" = None

    def child(self, segment: str) -> "_Resource":
        if segment.endswith("+}"):
            self.greedy = self.greedy or (segment[1:-2], _Resource())
            return self.greedy[1]
        if segment.startswith("{"):
            self.parameter = self.parameter or (segment[1:-1], _Resource())
            return self.parameter[1]
        return self.children.setdefault(segment, _Resource())


class Router:
    """
    Matches as a REST API does.

    The resource is found first: a literal segment before `{parameter}` before `{proxy+}`; then the method,
    a stated one before ANY. A method that the resource lacks is not looked for at a greedy neighbour. A
    trailing slash does not count, and a percent-encoded one does not separate.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Resource()
        for route in routes:
            resource = self._root
            for segment in _segments(route.path):
                resource = resource.child(segment)
            resource.methods[route.method] = route

    def match(self, method: str, path: str) -> Match | None:
        """Return the route for *path* as it was sent, or None."""
        found = _find(self._root, _segments(path), {})
        if found is None:
            return None
        resource, parameters = found
        route = resource.methods.get(method) or resource.methods.get("ANY")
        return None if route is None else Match(route, parameters or None)


def _segments(path: str) -> Sequence[str]:
    stripped = path.rstrip("/")
    return stripped.split("/")[1:] if stripped else ()


def _find(
    resource: _Resource, segments: Sequence[str], parameters: Mapping[str, str]
) -> tuple[_Resource, Mapping[str, str]] | None:
    if not segments:
        return (resource, parameters) if resource.methods else None
    return _find_below(resource, segments, parameters) or _find_greedy(resource, segments, parameters)


def _find_below(
    resource: _Resource, segments: Sequence[str], parameters: Mapping[str, str]
) -> tuple[_Resource, Mapping[str, str]] | None:
    first, rest = unquote(segments[0]), segments[1:]
    if first in resource.children and (found := _find(resource.children[first], rest, parameters)):
        return found
    if resource.parameter is None or not first:
        return None
    name, child = resource.parameter
    return _find(child, rest, {**parameters, name: first})


def _find_greedy(
    resource: _Resource, segments: Sequence[str], parameters: Mapping[str, str]
) -> tuple[_Resource, Mapping[str, str]] | None:
    if resource.greedy is None:
        return None
    name, child = resource.greedy
    return child, {**parameters, name: unquote("/".join(segments))}
