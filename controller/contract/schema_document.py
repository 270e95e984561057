"""What every JSON Schema of the contract begins with."""

from controller.contract.wire_json import JsonObject

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HASH_PATTERN = "^[0-9a-f]{64}$"


def document(name: str) -> JsonObject:
    """The head of the schema called `name`."""
    return {"$schema": DIALECT, "$id": f"urn:locker:schema:{name}", "title": name}
