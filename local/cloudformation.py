"""CloudFormation's YAML: the short forms of its functions, and no key twice."""

from pathlib import Path
from typing import Any

import yaml

from local.errors import TemplateError

_PLAIN = ("Ref", "Condition")


class _Loader(yaml.SafeLoader):
    """A SafeLoader of our own, so that the tags stay out of everybody else's."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise TemplateError(f"template line {key_node.start_mark.line + 1}: {key} is there twice.")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _construct_function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in _PLAIN else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _construct_function)


def load(path: Path) -> dict[str, Any]:
    """
    Return the template with every short form written out.

    Raises:
        TemplateError: If it cannot be read or is not YAML.
    """
    try:
        document = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 (it is a SafeLoader)
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path.name} is not YAML: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
        raise TemplateError(f"{path.name} has no Resources.")
    return document
