#!/usr/bin/env bash
# Writes the locked requirements again: `make lock`, or `make lock UPGRADE=1` for the newest of everything.
# One resolution serves every Python from 3.11 on, x86-64 and aarch64. The largest list is solved first and binds the others,
# so that a developer's machine, a test machine and a locker never differ in a version.
set -euo pipefail
cd "$(dirname "$0")/../.."

lock() {
    local name=$1
    shift
    echo "== config/requirements/$name.txt"
    "${UV:-uv}" pip compile pyproject.toml config/requirements/build.in "$@" \
        --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make lock" --quiet --output-file "config/requirements/$name.txt"
}

lock dev --extra demo --extra test --extra dev ${UPGRADE:+--upgrade}
lock test --extra demo --extra test --constraint config/requirements/dev.txt
lock notifier --extra notifier --constraint config/requirements/dev.txt
lock demo --extra demo --constraint config/requirements/dev.txt
lock run --constraint config/requirements/dev.txt
