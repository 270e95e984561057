"""The locker as Home Assistant's MQTT integration discovers it: one device with all of its entities.

The form is that of device discovery (Home Assistant 2024.12 and newer): one retained message describes the device and
its components, each of which reads a topic that the locker publishes anyway.
"""

from collections.abc import Sequence

from controller.contract.topics import Topics
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.ids import CompartmentId
from controller.domain.state import Status

LONGEST_WAY_S = 30
"""An order to unlock that took longer to get here is not carried out."""
_FULL = (Status.OCCUPIED, Status.COLLECTING, Status.RESERVED)
_TROUBLE = (Status.QUARANTINED, Status.OUT_OF_SERVICE)
_ONE_OF = "{{{{ 'ON' if value_json.status in {names} else 'OFF' }}}}"
_DOOR = "{{ {'open': 'ON', 'closed': 'OFF'}.get(value_json.door, 'None') }}"
_FREE = "{{ value_json.sizes.values() | map(attribute='free') | sum }}"
_ORDER = '{{"compartment":"{id}","at":{{{{ now().timestamp() | int }}}}}}'


def discovery(
    topics: Topics, name: str, software: str, compartments: Sequence[CompartmentId], *, unlock: bool
) -> JsonObject:
    """The message on `topics.home_assistant`; with `unlock`, a button for every door."""
    components: JsonObject = {**_of_the_locker(topics)}
    for id in compartments:
        components |= _of_compartment(topics, id)
        if unlock:
            components[f"{id}_unlock"] = _button(topics, id)
    if unlock:
        components["unlock_answer"] = _answer(topics)
    return {
        "device": {
            "identifiers": [f"parcel_locker_{topics.locker}"],
            "name": name,
            "manufacturer": "parcel-locker",
            "model": "parcel locker",
            "serial_number": topics.locker,
            "sw_version": software,
        },
        "origin": {"name": "parcel-locker", "sw_version": software},
        "availability": [{"topic": topics.status, "value_template": "{{ value_json.state }}"}],
        "components": {key: _named(topics, key, component) for key, component in components.items()},
        "qos": 1,
    }


def _named(topics: Topics, key: str, component: JSON) -> JSON:
    return {**(component if isinstance(component, dict) else {}), "unique_id": f"parcel_locker_{topics.locker}_{key}"}


def _of_compartment(topics: Topics, id: CompartmentId) -> JsonObject:
    state = topics.compartment(id)

    def status_in(names: Sequence[Status]) -> str:
        return _ONE_OF.format(names=[each.value for each in names])

    return {
        f"{id}_door": _binary(f"{id} door", "door", state, _DOOR),
        f"{id}_occupied": _binary(f"{id} occupied", "occupancy", state, status_in(_FULL)),
        f"{id}_problem": _binary(f"{id} problem", "problem", state, status_in(_TROUBLE), category="diagnostic"),
    }


def _of_the_locker(topics: Topics) -> JsonObject:
    def health(name: str, template: str, **more: JSON) -> JsonObject:
        return _sensor(name, topics.health, template, entity_category="diagnostic", **more)

    return {
        "free": _sensor("Free compartments", topics.state, _FREE, state_class="measurement"),
        "backlog": health("Records not acknowledged", "{{ value_json.outbox_depth }}", state_class="measurement"),
        "disk_free": health(
            "Disk free",
            "{{ value_json.disk_free_kib }}",
            device_class="data_size",
            unit_of_measurement="KiB",
            state_class="measurement",
        ),
        "clock": health("Clock", "{{ value_json.clock }}"),
        "board_fault": _binary(
            "Board fault",
            "problem",
            topics.health,
            "{{ 'ON' if value_json.board_faults else 'OFF' }}",
            category="diagnostic",
        ),
        "power": _binary(
            "Power too low",
            "problem",
            topics.health,
            "{{ 'ON' if value_json.undervoltage else 'OFF' }}",
            category="diagnostic",
        ),
    }


def _button(topics: Topics, id: CompartmentId) -> JsonObject:
    """It says when it was pressed, so that a message which was held up opens nothing."""
    return {
        "platform": "button",
        "name": f"{id} unlock",
        "command_topic": topics.home_assistant_unlock,
        "command_template": _ORDER.format(id=id),
        "qos": 0,
        "retain": False,
    }


def _answer(topics: Topics) -> JsonObject:
    said = "{{ value_json.compartment }}: {{ value_json.answer }}"
    return _sensor("Answer to unlock", topics.home_assistant_answer, said, entity_category="diagnostic")


def _binary(name: str, device_class: str, topic: str, template: str, category: str | None = None) -> JsonObject:
    entity: JsonObject = {
        "platform": "binary_sensor",
        "name": name,
        "device_class": device_class,
        "state_topic": topic,
        "value_template": template,
    }
    return entity if category is None else entity | {"entity_category": category}


def _sensor(name: str, topic: str, template: str, **more: JSON) -> JsonObject:
    return {"platform": "sensor", "name": name, "state_topic": topic, "value_template": template, **more}
