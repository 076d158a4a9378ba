#!/bin/sh
# Debian's Alertmanager reads its templates from /usr/share/prometheus, which is there only where the package is installed. Unpacked
# beside this script (lib/), it gets them in a mount namespace of its own. The process stays the one that was started.
here=$(cd "$(dirname "$0")/../lib" && pwd)
[ ! -e /usr/share/prometheus/alertmanager/default.tmpl ] || exec "$here/prometheus-alertmanager" "$@"
exec unshare --map-root-user --mount sh -c \
  'mount -t tmpfs none /usr/share && cp -r "$0/prometheus" /usr/share/ && exec "$0/prometheus-alertmanager" "$@"' "$here" "$@"
