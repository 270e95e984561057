#!/bin/sh
# Prints lockers.conf: who there is, and what each may say and hear. Name every locker; load it with
# `nats-server --signal reload`.
#
#   ./locker.sh L0042 L0043 >/etc/nats/lockers.conf
set -eu
cat <<'END'
users = [
  { user: "CN=backend", permissions: {
      publish: ["locker.v1.*.ack", "locker.v1.*.commands", "locker.v1.*.config.desired",
                "locker.v1.claim.*.answer"]
      subscribe: ["locker.v1.>", "$MQTT.sub.>"] } }
  { user: "CN=claim", permissions: {
      publish: ["locker.v1.claim.*.request"]
      subscribe: ["locker.v1.claim.*.answer", "$MQTT.sub.>"] } }
  { user: "CN=operator", permissions: {
      publish: ["locker.v1.*.commands", "locker.v1.*.config.desired"]
      subscribe: ["locker.v1.>", "$MQTT.sub.>"] } }
  { user: "CN=watcher", permissions: {
      publish: { deny: [">"] }
      subscribe: ["locker.v1.*.status", "locker.v1.*.keys", "locker.v1.*.events", "locker.v1.*.state",
                  "locker.v1.*.state.*", "locker.v1.*.health", "locker.v1.*.config.reported", "$MQTT.sub.>"] } }
END
for id in "$@"; do
    case $id in
    '' | *[!A-Za-z0-9_-]*)
        echo "the locker id $id must be letters, digits, _ and -" >&2
        exit 2
        ;;
    esac
    cat <<END
  { user: "CN=$id", permissions: {
      publish: ["locker.v1.$id.status", "locker.v1.$id.keys", "locker.v1.$id.events", "locker.v1.$id.state",
                "locker.v1.$id.state.*", "locker.v1.$id.health", "locker.v1.$id.results",
                "locker.v1.$id.config.reported", "locker.v1.claim.$id.request", "homeassistant.device.$id.config",
                "locker.v1.$id.home_assistant.answer"]
      subscribe: ["locker.v1.$id.ack", "locker.v1.$id.commands", "locker.v1.$id.config.desired",
                  "locker.v1.claim.$id.answer", "locker.v1.$id.home_assistant.unlock", "\$MQTT.sub.>"] } }
END
done
echo ']'
