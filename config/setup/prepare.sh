#!/usr/bin/env bash
# Makes this clone ready for one purpose: `prepare.sh demo`, `test`, `system` (the long tests) or `dev` (the checks).
# Debian packages first (installed when missing and permitted, otherwise named), then .venv with the locked requirements.
# Each list of requirements holds the one before it, and a clone that is ready is left alone: a second run costs nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly PURPOSE=${1:?say what for: demo, test, system or dev}
readonly VENV=.venv
case $PURPOSE in
    demo | test | dev) readonly LIST=$PURPOSE ;;
    system) readonly LIST=test ;;
    *) echo "prepare.sh: no such purpose: $PURPOSE (demo, test, system or dev)" >&2; exit 2 ;;
esac
export PATH=$PATH:/usr/sbin:/sbin PIP_DISABLE_PIP_VERSION_CHECK=1

say() { echo "== $*"; }

fail() {
    echo "prepare.sh: $*" >&2
    exit 1
}

# PYTHON=… wins; then python3, if it is new enough; then the versions by name.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "needs Python 3.11 or newer; tried ${PYTHON:-python3, python3.13, python3.12 and python3.11}"
}

# A Python that is not Debian's brings its own ensurepip, and Debian's python3-venv would not help it.
missing_packages() {
    local python=$1
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || echo ca-certificates
    [[ $LIST == test ]] || return 0
    command -v mosquitto >/dev/null || echo mosquitto
    command -v chromium >/dev/null || echo chromium
    command -v openssl >/dev/null || echo openssl
    command -v zbarimg >/dev/null || echo zbar-tools # reads QR codes from the screen as a telephone does
    [[ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ]] || echo fonts-noto-core # the touchscreen is drawn for it
    ldconfig -p | grep 'libatomic\.so\.1 ' >/dev/null || echo libatomic1 # Playwright's driver needs it and does not bring it
    [[ $PURPOSE == system ]] || return 0
    command -v mmdebstrap >/dev/null || echo mmdebstrap
    command -v gcc >/dev/null || echo gcc
    [[ -e /usr/include/stdio.h ]] || echo libc6-dev
    [[ -e /usr/include/modbus/modbus.h ]] || echo libmodbus-dev
    command -v mbpoll >/dev/null || echo mbpoll
    command -v rabbitmq-server >/dev/null || echo rabbitmq-server
    command -v nats-server >/dev/null || echo nats-server
    command -v promtool >/dev/null || echo prometheus
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
    command -v qemu-system-x86_64 >/dev/null || echo qemu-system-x86 # the guest of the kernel tests, and what its kernel is made with
    command -v gcc-12 >/dev/null || echo gcc-12
    command -v cpio >/dev/null || echo cpio
    [[ -x /lib/systemd/systemd ]] || echo systemd # what the unit runs under in the guest
    command -v xz >/dev/null || echo xz-utils
    [[ "$(ldd "$(command -v busybox)" 2>&1)" == *"not a dynamic executable"* ]] || echo busybox-static
}

# The outside judges that come from npm: none of their install scripts is run.
install_node_packages() {
    local folder=tests/system/node
    [[ $PURPOSE == system && ! $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] || return 0
    say "npm packages: $folder"
    npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --silent
}

# Those from PyPI stand apart from what this software itself is built on.
install_judges() {
    local list=tests/system/judges.txt folder=$VENV/judges
    [[ $PURPOSE == system && ! $folder/.ready -nt $list ]] || return 0
    say "Python packages: $list"
    "$VENV/bin/python" -m pip install -qq --no-deps --require-hashes --upgrade --target "$folder" --requirement "$list"
    touch "$folder/.ready"
}

install_packages() {
    local -a missing apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
    mapfile -t missing < <(missing_packages "$1")
    ((${#missing[@]})) || return 0
    if [[ $(id -u) != 0 ]]; then
        apt=(sudo -n "${apt[@]}")
        sudo -n true 2>/dev/null || fail "missing: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}"
    fi
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}. Install them with this system's package manager."
    say "Debian packages: ${missing[*]}"
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

python_version() { "$1" -c 'import sys; print(sys.version)' 2>/dev/null; }

# What a stamp must say for the work behind it to count as done.
fingerprint() {
    { python_version "$1"; pwd; cat pyproject.toml "config/requirements/$2.txt"; } | sha256sum
}

is_ready() {
    local list
    for list in dev test demo; do
        [[ "$(cat "$VENV/.ready-$list" 2>/dev/null)" == "$(fingerprint "$1" "$list")" ]] && return
        [[ $list == "$LIST" ]] && return 1
    done
}

build_venv() {
    local python=$1 requirements=config/requirements/$LIST.txt
    if [[ "$(python_version "$VENV/bin/python")" != "$(python_version "$python")" ]]; then
        say "virtual environment: $VENV ($("$python" --version))"
        "$python" -m venv --clear "$VENV"
    fi
    say "Python packages: $requirements"
    "$VENV/bin/python" -m pip install -qq --require-hashes --requirement "$requirements"
    "$VENV/bin/python" -m pip install -qq --no-deps --no-build-isolation --editable .
    fingerprint "$python" "$LIST" >"$VENV/.ready-$LIST"
}

python=$(find_python)
install_packages "$python"
install_node_packages
if ! is_ready "$python"; then
    build_venv "$python"
    say "ready"
fi
install_judges
