#!/bin/sh
# Makes an authority in the folder $1 where there is none, and a certificate for every further name:
# "broker=HOST" for the broker under the host name or address by which lockers reach it, any other name for a client.
#
#   ./make-certificates.sh ca broker=broker.example L0042 L0043 backend operator
#
# The authority's key (ca.key) signs whole lockers into being: keep it off the broker and off the lockers.
set -eu
umask 077
folder=$1
shift
mkdir -p "$folder"
cd "$folder"

key() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
}

if [ ! -e ca.key ]; then
    key ca
    openssl req -x509 -new -key ca.key -sha256 -days 7300 -subj "/CN=lockers" -out ca.crt \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
fi

for name in "$@"; do
    case $name in
    broker=*)
        host=${name#broker=}
        name=broker
        case $host in
        *[!0-9.]*) alternative="DNS:$host" ;;
        *) alternative="IP:$host" ;;
        esac
        extensions="extendedKeyUsage=serverAuth
subjectAltName=$alternative"
        ;;
    *[!A-Za-z0-9_-]*)
        echo "the name $name must be letters, digits, _ and -" >&2
        exit 2
        ;;
    *)
        extensions="extendedKeyUsage=clientAuth"
        ;;
    esac
    if [ -e "$name.key" ]; then
        echo "$folder/$name.key exists already: move it away for a new one" >&2
        exit 2
    fi
    key "$name"
    openssl req -new -key "$name.key" -subj "/CN=$name" -out "$name.csr"
    printf '%s\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\nbasicConstraints=critical,CA:FALSE\n' \
        "$extensions" >"$name.ext"
    openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days 825 \
        -extfile "$name.ext" -out "$name.crt" 2>/dev/null
    rm "$name.csr" "$name.ext"
done
