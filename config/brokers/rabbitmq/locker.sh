#!/bin/sh
# Prints what RabbitMQ must know of one locker: its user, without a password, and what it may say and hear.
#
#   ./locker.sh L0042 >L0042.json && rabbitmqctl import_definitions L0042.json
set -eu
id=$1
case $id in
'' | *[!A-Za-z0-9_-]*)
    echo "the locker id $id must be letters, digits, _ and -" >&2
    exit 2
    ;;
esac
cat <<END
{
  "users": [
    { "name": "$id", "password_hash": "", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": "" }
  ],
  "permissions": [
    { "user": "$id", "vhost": "/", "configure": "^mqtt-subscription-locker-${id}qos[01]\$",
      "write": "^(mqtt-subscription-locker-${id}qos[01]|amq\\\\.topic)\$",
      "read": "^(mqtt-subscription-locker-${id}qos[01]|amq\\\\.topic)\$" }
  ],
  "topic_permissions": [
    { "user": "$id", "vhost": "/", "exchange": "amq.topic",
      "write": "^(locker\\\\.v1\\\\.$id\\\\.(status|keys|events|state|state\\\\.[^.]+|health|results|config\\\\.reported|home_assistant\\\\.answer)|locker\\\\.v1\\\\.claim\\\\.$id\\\\.request|homeassistant\\\\.device\\\\.$id\\\\.config)\$",
      "read": "^locker\\\\.v1\\\\.($id\\\\.(ack|commands|config\\\\.desired|home_assistant\\\\.unlock)|claim\\\\.$id\\\\.answer)\$" }
  ]
}
END
