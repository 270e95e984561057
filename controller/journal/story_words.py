"""What happened to a parcel, in words: a sentence for each event that can be about one.

A part in square brackets is left out where a value that it names is not on record.
"""

import re
from collections.abc import Callable

from controller.contract.wire_json import JSON, JsonObject

SENTENCES = {
    "app.accepted": "the carrier's app answered for the recipient at the screen",
    "audit.looked": "a technician looked into {compartment} and found: {found}",
    "code.accepted": "the recipient typed the right code",
    "code.delegated": "delegate {delegate} may collect it too, with a code of their own, until {expires_at}",
    "code.frozen": "the second identifier was wrong too often: its code is not taken any more",
    "code.refused": "a code was not taken: {why}",
    "code.issued": "a pickup code was made for {compartment}, good until {expires_at}",
    "code.joined": "the recipient's code for other parcels opens {compartment} too, until {expires_at}",
    "code.pin_accepted": "the recipient typed the right PIN",
    "code.pin_refused": "the recipient typed a wrong PIN: {why}",
    "code.pin_requested": "the carrier was asked to send the recipient a PIN",
    "code.reissued": "a new pickup code took the place of the old one, good until {expires_at}",
    "code.revoked": "the pickup code opens nothing any more: {reason}",
    "custody.collected": "handed over from {compartment}[ to: {actor}][; obtained: {evidence}]",
    "custody.collecting": "{compartment} is being opened for whoever picks it up, by {means}",
    "custody.damaged": "the recipient says that it is damaged",
    "custody.depositing": "driver {driver} is about to put it into {compartment}",
    "custody.dispute_settled": "the dispute was settled[ by the {by}]",
    "custody.disputed": "DISPUTED: the recipient says of {compartment}: {claim}",
    "custody.kept": "was not taken away, it is still in {compartment}: {reason}",
    "custody.left_behind": "the recipient left something of their own in {compartment}",
    "custody.released": "was not put into {compartment}: {reason}",
    "custody.removed": "taken out of {compartment}: {reason}[, by driver {driver}]",
    "custody.removing": "driver {driver} is let to {compartment} to take it away: {reason}",
    "custody.returned": "driver {driver} has it back from {compartment}: {reason}",
    "custody.stored": "stored in {compartment} by driver {driver}; kept until {hold_until}",
    "custody.taken_out": "the driver scanned what they took out of {compartment}",
    "door.closed": "door {compartment} closed",
    "door.did_not_open": "door {compartment} did not open",
    "door.forced": "door {compartment} WAS FORCED OPEN",
    "door.left_open": "door {compartment} was left open",
    "door.opened": "door {compartment} opened",
    "door.sensor_unknown": "the sensor of door {compartment} cannot be trusted",
    "door.wiring_fault": "WIRING FAULT: the lock of {compartment} opened door {opened}",
    "ladder.step": "what was due while it waits: {action}",
    "notification.delivered": "the recipient was told[ by {channel}]",
    "notification.exhausted": "NOBODY COULD TELL the recipient: {kind}",
    "notification.failed": "telling the recipient failed[ by {channel}]: {how}[, {reason}]",
    "notification.requested": "the carrier is asked to tell the recipient: {kind}[, by {channel}]",
    "parcel.cancelled": "cancelled[: {reason}]",
    "parcel.claim_lost": "announced for the label of another parcel, {holder}, which stays in {compartment}",
    "parcel.claimed": "{found}, stored unannounced in {compartment}, is {parcel}; kept until {hold_until}",
    "parcel.expected": "announced by carrier {carrier}[, size {size}]",
    "parcel.extended": "kept longer, until {hold_until}[: {reason}]",
    "parcel.hold_started": "its time runs from now on, until {hold_until}",
    "parcel.redirected": "is to go elsewhere[: locker {locker}]",
    "parcel.unannounced": "driver {driver} of carrier {carrier} brought it unannounced",
    "pass.accepted": "the recipient showed a good pass",
    "plan.made": "planned: {pattern}, size {size}[, evidence {evidence}][, ladder {ladder}]",
    "plan.refused": "not taken in: {reason}",
    "preference.changed": "the recipient's preferences were changed[ by the {by}]",
    "preference.purged": "the recipient's preferences were erased, unconfirmed since {confirmed_at}",
    "preference.shown": "the recipient's preferences were shown to driver {driver}",
    "preference.stale": "the recipient's preferences are old, confirmed at {confirmed_at}",
    "recipient.answered": "the recipient answered: {answer}",
    "recipient.left": "the recipient left: {reason}",
    "recipient.signed": "the recipient signed on the screen",
    "unlock.authorised": "{compartment} may be unlocked, for {purpose}, by the {role}",
    "unlock.reported": "the order to unlock {compartment}: {sent}",
}
_TIMES = ("expires_at", "hold_until", "confirmed_at")
_NAMES = ("carrier", "compartment", "delegate", "driver", "found", "holder", "ladder", "locker", "opened", "parcel")
_OPTIONAL, _NAMED = re.compile(r"\[([^\]]*)\]"), re.compile(r"\{(\w+)\}")


def sentence(name: str, data: JsonObject, when: Callable[[str], str]) -> str:
    """What one event says, on one line; `when` puts an RFC 3339 time into words. Raises KeyError for an event without
    a sentence.
    """
    said = {key: _value(key, value, when) for key, value in data.items()}
    kept = _OPTIONAL.sub(lambda part: part[1] if all(map(said.get, _NAMED.findall(part[1]))) else "", SENTENCES[name])
    return _NAMED.sub(lambda named: said.get(named[1]) or "not on record", kept)


def _value(key: str, value: JSON, when: Callable[[str], str]) -> str:
    if isinstance(value, dict):
        value = value.get("obtained")
    if isinstance(value, list):
        return ", ".join(_value(key, each, when) for each in value)
    if key in _TIMES and isinstance(value, str):
        return when(value)
    text = "" if value is None else str(value)
    return "".join(each if each.isprintable() else "?" for each in (text if key in _NAMES else text.replace("_", " ")))
