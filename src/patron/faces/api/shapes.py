"""Shapes of the document as people read them: an example of JSON with the kind of each value in its place (pure)."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]


def resolve(made: Node, node: Node) -> Node:
    """The schema behind a reference."""
    while True:
        if "$ref" in node:
            found: Any = made
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        elif len(node.get("allOf", ())) == 1:
            node = {**node["allOf"][0], **{name: value for name, value in node.items() if name != "allOf"}}
        else:
            return node


def shape(made: Node, node: Node, depth: int = 0) -> Any:
    """A value that shows what stands where: {"name": "text ≤ 200", "lines": [{…}]}."""
    node = resolve(made, node)
    if depth > 6:
        return "…"
    if "properties" in node:
        return {name: shape(made, inner, depth + 1) for name, inner in node["properties"].items()}
    if node.get("type") == "array":
        return [shape(made, node.get("items", {}), depth + 1)]
    if "anyOf" in node:
        return _either(made, node, depth)
    if isinstance(node.get("additionalProperties"), dict):
        return {"…": shape(made, node["additionalProperties"], depth + 1)}
    return kind(node)


def _either(made: Node, node: Node, depth: int) -> Any:
    several = [shape(made, one, depth) for one in node["anyOf"] if one.get("type") != "null"]
    null = len(several) < len(node["anyOf"])
    if len(several) == 1 and not isinstance(several[0], str):
        return several[0]
    return " | ".join([*(str(one) for one in several), *(["null"] if null else [])])


def kind(node: Node) -> str:
    """One value in a few words: its type, choices and bounds."""
    if "const" in node:
        return repr(node["const"])
    if "enum" in node:
        return " | ".join(str(one) for one in node["enum"])
    found = str(node.get("format") or node.get("contentMediaType") or node.get("type", "any"))
    if node.get("type") == "string" and "[0-9]" in node.get("pattern", ""):
        found = "decimal"
    least, most = node.get("minimum", node.get("minLength")), node.get("maximum", node.get("maxLength"))
    bounds = [f"≥ {least}"] if least not in (None, 0, 1) else []
    bounds += [f"≤ {most}"] if most is not None and most < 2**31 - 1 else []
    return " ".join([found, *bounds])


def parameters(made: Node, operation: Node) -> list[Node]:
    """Names, kinds and meanings of what goes into the address or the headers."""
    found = [resolve(made, one) for one in operation["parameters"]]
    return [
        {
            "name": one["name"],
            "place": one["in"],
            "kind": shape(made, one["schema"]) if one["schema"].get("type") != "array" else "…",
            "required": one.get("required", False),
            "about": one.get("description", ""),
        }
        for one in found
    ]
