"""The figures and rules that an operator may set; the defaults are the product's. All of them are data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.domain.carrier_terms import CarrierTerms
from controller.domain.drift import DriftPolicy
from controller.domain.ids import HOUR_MS, MINUTE_MS, CarrierId, Size
from controller.domain.ladder import LadderRung
from controller.domain.notices import Neighbour
from controller.domain.preferences import Channel
from controller.domain.rules import Rule
from controller.domain.site import OBTAINED
from controller.domain.site_time import Offset


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in milliseconds unless the name says otherwise."""

    rules: tuple[Rule, ...] = ()
    """The plan table, in its order. Without any, no parcel is taken in."""
    ladders: Mapping[str, tuple[LadderRung, ...]] = field(default_factory=dict)
    """What is done meanwhile, by the names that plans give."""
    offsets: tuple[Offset, ...] = ()
    """When the site's own time changes against UTC, and by how much; none for a site in UTC."""
    conditions: tuple[str, ...] = ()
    """What holds at the site, such as `rural`; rules may ask for it."""
    carriers: tuple[CarrierTerms, ...] = ()
    """What was agreed with carriers."""
    recipients_share: int = 0
    """Of the compartments of each size so many per cent, rounded up, are kept for parcels that somebody collects here,
    against returns and parcels that nobody announced."""
    default_hold_s: int = 72 * 3600
    """How long a parcel waits when neither its carrier nor a rule says."""
    shortest_hold_s: int = 300
    longest_hold_s: int = 60 * 24 * 3600
    collect_after_expiry: bool = True
    undelivered_s: int = 24 * 3600
    """How long after its last moment a parcel that never came is still waited for."""
    obtains: tuple[str, ...] = OBTAINED
    """The evidence that can be had here."""
    code_digits: int = 8
    delegates: int = 0
    """People besides its recipient whom a carrier may let collect a parcel, each with a code of their own."""
    second_digits: int = 0
    """Of a second identifier, typed after a shorter code; 0 where none is asked for here."""
    short_digits: int = 6
    """Of a code that takes one."""
    wrong_seconds: int = 5
    """So many wrong ones, and the code is not taken any more."""
    code_burst: int = 20
    code_interval_ms: int = 10 * MINUTE_MS
    """One more try is allowed per interval of powered time."""
    checklist: str = ""
    """Which text drivers have to have read before their first parcel; none: they need not."""
    checklist_visits: int = 1
    """In how many of their first visits they read it."""
    pin_tries: int = 5
    """Wrong PINs for one number before it rests."""
    pin_lock_ms: int = 15 * MINUTE_MS
    """How long it rests the first time; twice as long each time after."""
    longest_pin_lock_ms: int = 24 * HOUR_MS
    pin_burst: int = 20
    """Wrong PINs of all numbers together."""
    pin_interval_ms: int = 10 * MINUTE_MS
    """One more is allowed per interval of powered time."""
    fresh_pin_ms: int = 10 * MINUTE_MS
    """How long a PIN is good, from when it was asked for at the screen."""
    signature_days: int = 30
    """How long a signature is kept after it was given."""
    dispute_days: int = 180
    """And how long at least where somebody said that the handoff went wrong, from then on."""
    open_wait_ms: int = 10_000
    """How long a door may take to open after its unlock."""
    late_open_ms: int = 120_000
    """How long an opening still belongs to an unlock that nobody saw succeed."""
    wiring_fault_ms: int = 10_000
    """How long after a pulse another door than the one meant counts as opened by it."""
    relatch_ms: int = 3_000
    """A door that springs open this soon after closing did not latch; nobody forced it."""
    left_open_ms: int = 120_000
    deposit_answer_ms: int = 45_000
    """Silence after the door's cycle that counts as *done*."""
    reopen_ms: int = 60_000
    unlocks_per_door: int = 3
    """Openings of one door by people at the screen within `unlock_window_ms`; then somebody has to come."""
    unlock_window_ms: int = 15 * MINUTE_MS
    remote_unlocks: int = 3
    """Openings of occupied compartments from afar or from the terminal within `remote_window_ms`."""
    remote_window_ms: int = HOUR_MS
    second_signature_ms: int = 5 * MINUTE_MS
    """How long after the first the second signature for opening every door may come."""
    rescues: int = 2
    """How often in `rescue_window_ms` somebody at the screen may have every vacant compartment opened."""
    rescue_window_ms: int = HOUR_MS
    lockout_ms: int = 8 * HOUR_MS
    """How long a service lock-out holds when nobody switches it off."""
    clock_skew_ms: int = 60_000
    """How far the clocks of two machines may disagree before a signed time is refused."""
    preference_stale_days: int = 180
    """Preferences that nobody has confirmed for so long are marked when they are shown."""
    preference_purge_days: int = 365
    """And after so long they are forgotten."""
    most_kept_preferences: int = 1000
    """Recipients whose preferences are kept for parcels to come."""
    told_by: tuple[CarrierId, ...] = ()
    """Carriers that tell recipients. Each shows with canaries of its own that its channels are alive."""
    channels: tuple[Channel, ...] = ()
    """How recipients are told, the first first. Without any, the carrier chooses and need not report."""
    notice_answer_ms: int = 15 * MINUTE_MS
    """How long a channel may take to report that it delivered; then the next is tried."""
    canary_ms: int = 24 * HOUR_MS
    """How often each channel has to show that it is alive; 0 for never."""
    tracking_link: str = ""
    """Where recipients see how things stand; `{parcel}` and `{notice}` are filled in. Empty for nowhere."""
    change_link: str = ""
    """Where they say what they want; the same."""
    neighbours: tuple[Neighbour, ...] = ()
    """Lockers nearby, the nearest first."""
    drift: DriftPolicy = field(default_factory=DriftPolicy)
    label_patterns: tuple[str, ...] = ()
    """Full-match regular expressions of carriers' own labels, upper case, without spaces."""
    sizes_mm: dict[Size, tuple[int, int, int]] = field(
        default_factory=lambda: {
            Size.S: (450, 80, 600),
            Size.M: (450, 190, 600),
            Size.L: (450, 380, 600),
            Size.XL: (450, 780, 600),
        }
    )
    """Inner width, height and depth a letter stands for where a compartment names no millimetres."""
