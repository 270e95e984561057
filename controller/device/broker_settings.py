"""The broker that the configuration names."""

from controller.contract.broker import Broker, Protocol, parse_url
from controller.device.settings_tables import MqttTable


def broker_of(table: MqttTable) -> Broker:
    """The broker that the settings name."""
    host, port, tls = parse_url(table.url, table.allow_plaintext)
    return Broker(
        host,
        port,
        tls,
        Protocol(table.protocol),
        table.ca_file,
        table.cert_file,
        table.key_file,
        table.username,
        table.password_file,
    )
