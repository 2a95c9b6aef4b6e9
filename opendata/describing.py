"""The API's OpenAPI description, as it is served and as the page shows it."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.operation import Operation

from notifications.outbox import absolute
from opendata.door import PROBLEM
from opendata.schemas import Problem

REFUSALS: dict[str, str | Promise] = {
    "404": _("Nothing public has this code."),
    "422": _("A parameter is not understood."),
    "429": _("Too many questions in a minute; Retry-After says when to ask again."),
}
SAID = ("summary", "description")


class OpenDataAPI(NinjaAPI):
    """Ninja's description, completed: refusals are problems, answers carry an ETag, words are in the reader's
    language."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        schema = super().get_openapi_schema(path_prefix=path_prefix or "", path_params=path_params)
        schema["servers"] = [{"url": absolute(reverse("opendata:index")).rstrip("/")}]
        schema["components"]["schemas"]["Problem"] = Problem.json_schema()
        for path, methods in schema["paths"].items():
            _complete(methods["get"], has_code="{" in path)
        return _plain(schema)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of its address: it stays when code moves."""
        return operation.url_name or super().get_openapi_operation_id(operation)


def _complete(operation: dict[str, Any], *, has_code: bool) -> None:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, why in REFUSALS.items():
        if has_code or status != "404":
            operation["responses"][status] = {"description": str(why), "content": content}
    operation["responses"][200] |= {
        "description": gettext("What was asked for"),
        "headers": {"ETag": {"schema": {"type": "string"}, "required": True}},
    }
    operation["responses"]["304"] = {"description": gettext("Has not changed since the answer with this ETag.")}
    for parameter in operation.get("parameters", ()):
        # An address cannot hold a null: a parameter is left out instead.
        given = parameter["schema"]
        kinds = [kind for kind in given.pop("anyOf", ()) if kind.get("type") != "null"]
        parameter["schema"] = {**given, **(kinds[0] if kinds else {})}
        if parameter["schema"].get("default", "") is None:
            del parameter["schema"]["default"]


def _plain(part: Any) -> Any:
    """Without Pydantic's made-up titles and the docstrings of shapes, and with its words in the reader's language."""
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: gettext(value) if key in SAID and isinstance(value, str) and value else _plain(value)
        for key, value in part.items()
        if not isinstance(value, str)
        or not ((key == "title" and "version" not in part) or (key == "description" and "properties" in part))
    }


def parameters_of(api: NinjaAPI) -> dict[str, list[str]]:
    """Name of each operation → what may stand behind the question mark."""
    found: dict[str, list[str]] = {}
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                names = [
                    name
                    for model in operation.models
                    if model.__ninja_param_source__ == "query"
                    for name in model.__ninja_flatten_map__
                ]
                found[operation.url_name or ""] = names
    return found


def described(api: OpenDataAPI) -> list[dict[str, Any]]:
    """Each operation for the page: {path, address, example, summary, description, parameters, fields}. An address with
    a code in it has no example."""
    schema = api.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    return [
        {
            "path": path, "address": schema["servers"][0]["url"] + path,
            "example": "" if "{" in path else schema["servers"][0]["url"] + path, "summary": operation["summary"],
            "description": operation.get("description", ""), "parameters": operation.get("parameters", []),
            "fields": _fields(operation["responses"][200]["content"]["application/json"]["schema"], shapes),
        }
        for path, operation in ((path, methods["get"]) for path, methods in schema["paths"].items())
    ]  # fmt: skip


def _fields(shape: dict[str, Any], shapes: dict[str, Any]) -> list[dict[str, str]]:
    """The fields of one item: {name, type, description}."""
    found = _followed(shape, shapes)
    if "items" in found.get("properties", {}):
        found = _followed(found["properties"]["items"]["items"], shapes)
    return [
        {"name": name, "type": _type(each), "description": each.get("description", "")}
        for name, each in found.get("properties", {}).items()
    ]


def _followed(shape: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in shape:
        shape = shapes[shape["$ref"].rsplit("/", 1)[-1]]
    return shape


def _type(shape: dict[str, Any]) -> str:
    kinds = shape.get("anyOf") or [shape]
    return " | ".join(each.get("format") or each.get("type") or "object" for each in kinds)
