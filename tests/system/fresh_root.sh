#!/usr/bin/env bash
# Is the README true? Builds a Debian 12 with nothing but Python, make and git, clones the committed state of this repository into it,
# and runs `make test` and `make demo` there: the demo until its page answers, then SIGTERM.
#
#     tests/system/fresh_root.sh [DIRECTORY]     (root only; the directory is made, and removed at the end)
#
# It shares this machine's network. Where pip is told its index by the environment, so it is there, certificate file included.
set -euo pipefail

SOURCE=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
readonly SOURCE ROOT=${1:-$(mktemp -d /var/tmp/fresh-root.XXXXXX)}
readonly PORT=${PORT:-$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
readonly PATIENCE_S=600
[[ $(id -u) == 0 ]] || { echo "fresh_root.sh: a bare root can only be built by root" >&2; exit 1; }

say() { echo "## $* (${SECONDS} s)"; }

tear_down() {
    [[ -z ${demo_pid:-} ]] || kill -KILL -- "-$demo_pid" 2>/dev/null || true
    local place
    for place in srv/source dev/pts dev/shm dev proc; do
        ! mountpoint --quiet "$ROOT/$place" || umount --lazy "$ROOT/$place"
    done
    rm -rf --one-file-system "$ROOT"
}

build() {
    mmdebstrap --quiet --mode=root --variant=minbase --include=python3,make,git bookworm "$ROOT"
    cp --dereference /etc/resolv.conf "$ROOT/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d" # what is installed starts no services
    chmod +x "$ROOT/usr/sbin/policy-rc.d"
    [[ -z ${PIP_CERT:-} ]] || install -D --mode=644 "$PIP_CERT" "$ROOT/$PIP_CERT.carried"
    mkdir -p "$ROOT/srv/source"
    mount -t proc proc "$ROOT/proc"
    mount --bind /dev "$ROOT/dev"
    mount --bind /dev/pts "$ROOT/dev/pts"
    mount -t tmpfs tmpfs "$ROOT/dev/shm"
    mount --bind "$SOURCE" "$ROOT/srv/source"
    mount -o remount,ro,bind "$ROOT/srv/source"
}

# A clean environment, as after logging in.
inside() {
    local -a settings=()
    mapfile -t settings < <(env | grep -E '^PIP_(INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT)=')
    [[ -z ${PIP_CERT:-} ]] || settings+=("PIP_CERT=$PIP_CERT.carried")
    exec chroot "$ROOT" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        "${settings[@]}" bash -c "$1" </dev/null
}

page_answers() {
    python3 - "http://127.0.0.1:$PORT/healthz" <<'PYTHON'
import sys
import urllib.request

try:
    sys.exit(urllib.request.urlopen(sys.argv[1], timeout=2).status != 200)
except OSError:
    sys.exit(1)
PYTHON
}

show_demo() {
    local stopped_at
    set -m # a process group of its own, so that all of it can be signalled
    (inside "cd /root/clone && exec make demo ARGS='--no-browser --port $PORT'") &
    demo_pid=$!
    set +m
    until page_answers; do
        kill -0 "$demo_pid" 2>/dev/null || { echo "fresh_root.sh: make demo ended before its page answered" >&2; return 1; }
        ((SECONDS < demo_limit)) || { echo "fresh_root.sh: no page within $PATIENCE_S s" >&2; return 1; }
        sleep 0.5
    done
    say "make demo: the page answers"
    stopped_at=$SECONDS
    kill -TERM -- "-$demo_pid"
    wait "$demo_pid" || true # make reports the signal as a failure of its own
    demo_pid=
    ((SECONDS - stopped_at <= 5)) || { echo "fresh_root.sh: the demo took $((SECONDS - stopped_at)) s to stop" >&2; return 1; }
}

trap tear_down EXIT
build
say "a bare root"
(inside "git clone --quiet /srv/source /root/clone && git -C /root/clone log --oneline -1")
(inside "cd /root/clone && make demo ARGS=--help >/dev/null")
say "make demo: set up"
demo_limit=$((SECONDS + PATIENCE_S))
show_demo
say "make demo"
(inside "cd /root/clone && make test")
say "make test"
