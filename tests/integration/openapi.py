#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The document at /api/v1/openapi.json: every operation in it is asked for with its example,
and every answer is as it says.

tests/integration/openapi.py --diunad PATH speaks TAP.
"""

import http.client
import json
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import daemon as station  # noqa: E402

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
         "number": (int, float), "null": type(None)}


class Schema:
    """What of JSON Schema 2020-12 the document uses."""

    KNOWN = {"$ref", "type", "properties", "required", "additionalProperties", "items", "enum",
             "minimum", "maximum", "minItems", "maxItems", "oneOf", "description", "format"}

    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        while "$ref" in schema:
            found = self.document
            for part in schema["$ref"][2:].split("/"):
                found = found[part]
            schema = found
        return schema

    def errors(self, schema, value, where="$"):
        """All that is wrong, in words."""
        schema = self.resolve(schema)
        unknown = set(schema) - self.KNOWN
        if unknown:
            yield f"{where}: the test does not know {unknown}"
        if "oneOf" in schema:
            fitting = [s for s in schema["oneOf"] if not list(self.errors(s, value, where))]
            if len(fitting) != 1:
                yield f"{where}: {value!r} is {len(fitting)} of oneOf"
        kinds = schema.get("type", list(TYPES))
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(isinstance(value, TYPES[kind]) and
                   (kind == "boolean" or not isinstance(value, bool)) for kind in kinds):
            yield f"{where}: {value!r} is no {kinds}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is none of {schema['enum']}"
        if isinstance(value, int) and not isinstance(value, bool):
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                yield f"{where}: {value} is out of range"
        if isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
                yield f"{where}: {len(value)} items"
            for index, item in enumerate(value):
                yield from self.errors(schema.get("items", {}), item, f"{where}[{index}]")
        if isinstance(value, dict):
            for name in schema.get("required", []):
                if name not in value:
                    yield f"{where}: {name} is missing"
            for name, item in value.items():
                rest = schema.get("additionalProperties", True)
                if name in schema.get("properties", {}):
                    yield from self.errors(schema["properties"][name], item, f"{where}.{name}")
                elif rest is False:
                    yield f"{where}: {name} is not described"
                elif rest is not True:
                    yield from self.errors(rest, item, f"{where}.{name}")


class Document(station.DaemonTest):
    def setUp(self):
        whole = station.config()
        whole["zones"].append({"id": "BOTH", "members": ["A", "B"]})
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.daemon = self.start(whole, preview=False, arguments=(
            "--state", os.path.join(folder.name, "state.json"))).ready()
        _, _, text = self.ask("GET", "/api/v1/openapi.json")
        self.document = json.loads(text)
        self.schema = Schema(self.document)

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port,
                                                timeout=station.LIMIT)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        kind = response.getheader("Content-Type")
        text = b"" if kind == "text/event-stream" else response.read()
        connection.close()
        return response.status, kind, text

    def operations(self):
        """What removes something comes after all that asks for it, and the end at the end."""
        found = [(path, method, operation)
                 for path, methods in self.document["paths"].items()
                 for method, operation in methods.items()]
        return sorted(found, key=lambda one: (one[0].endswith("/shutdown"), one[1] == "delete"))

    def request(self, path, operation):
        """Path, body and headers of the examples."""
        queries = []
        for parameter in operation.get("parameters", []):
            value = str(parameter["example"])
            if parameter["in"] == "query":
                queries.append(f"{parameter['name']}={value}")
            else:
                path = path.replace("{" + parameter["name"] + "}", value)
        path += "?" + "&".join(queries) if queries else ""
        content = operation.get("requestBody", {}).get("content", {})
        for kind, medium in content.items():
            body = json.dumps(medium["example"]) if "example" in medium else \
                bytes(station.FRAME)
            return path, body, {"Content-Type": kind}
        return path, None, {}

    def test_examples(self):
        """every example is taken, and every answer is as it is described"""
        for path, method, operation in self.operations():
            for medium in operation.get("requestBody", {}).get("content", {}).values():
                if "example" in medium:
                    self.assertEqual(list(self.schema.errors(medium["schema"],
                                                             medium["example"])), [], path)
            target, body, headers = self.request(path, operation)
            status, kind, text = self.ask(method.upper(), target, body, headers)
            what = f"{method} {target}: {status} {text[:300]}"
            responses = operation["responses"]
            if str(status) in responses:
                response = responses[str(status)]
            else:
                # only where it depends on what was done before, and then it is a problem
                self.assertIn("x-needs-state", operation, what)
                self.assertEqual(status // 100, 4, what)
                response = self.schema.resolve(responses["4XX"])
            content = response.get("content")
            self.assertEqual(bool(text) or kind == "text/event-stream", bool(content), what)
            for wanted, medium in (content or {}).items():
                self.assertEqual(kind.split(";")[0], wanted, what)
                if "json" in wanted:
                    self.assertEqual(list(self.schema.errors(medium["schema"],
                                                             json.loads(text))), [], what)
        # the last one was the shutdown
        self.assertEqual(self.daemon.wait(), 0)

    def test_refused(self):
        """what is wrong is refused with the problem that is described"""
        problem = self.schema.resolve(self.document["components"]["responses"]["Problem"])
        schema = problem["content"]["application/problem+json"]["schema"]
        for path, method, operation in self.operations():
            content = operation.get("requestBody", {}).get("content", {})
            target, _, headers = self.request(path, operation)
            attempts = [("POST" if method == "get" else "GET" if method != "patch" else "POST",
                         target.split("?")[0] + "/none", None, {})]
            if "application/json" in content:
                attempts += [(method.upper(), target, body, headers)
                             for body in ("{", "[]", '{"none":1}', '"x"', "null")]
            for attempt in attempts:
                status, kind, text = self.ask(*attempt)
                if status == 204 and "import" in target:
                    continue
                self.assertEqual((status // 100, kind), (4, "application/problem+json"), attempt)
                self.assertEqual(list(self.schema.errors(schema, json.loads(text))), [], attempt)

    def test_names(self):
        """each operation has a name of its own, and a tag that is described"""
        names = [operation["operationId"] for _, _, operation in self.operations()]
        self.assertEqual(len(names), len(set(names)))
        tags = {tag["name"] for tag in self.document["tags"]}
        for path, _, operation in self.operations():
            self.assertLessEqual(set(operation["tags"]), tags, path)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Document,)))
