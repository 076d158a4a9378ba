#!/bin/sh
# Postfix's smtp-sink without Postfix: unpacked beside this script (lib/), with its own libraries. As root it wants another user.
here=$(cd "$(dirname "$0")/../lib/postfix" && pwd)
[ "$(id -u)" -ne 0 ] || set -- -u nobody "$@"
LD_LIBRARY_PATH=$here exec "$here/smtp-sink" "$@"
