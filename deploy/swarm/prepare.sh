#!/bin/sh
# Makes what the stack file names: a key for each seat in keys/, and a folder for each seat and for the workshop in the
# storage that all nodes share. What is there already stays.
#
#   sudo sh prepare.sh 30 /srv/unhappy
set -eu
cd "$(dirname "$0")"
case ${1:-} in '' | *[!0-9]* | 0*) echo "usage: sh prepare.sh SEATS STORAGE" >&2; exit 2 ;; esac
case ${2:-} in /*) ;; *) echo "The storage is \"${2:-}\". Give an absolute path: the nodes use it." >&2; exit 2 ;; esac
umask 077
mkdir -p keys "$2"
# The containers have the user 1000. Postgres asks that every user may enter the folders above its own.
own_folder() { mkdir -p "$1" && chmod 711 "$1" && chown 1000:1000 "$1"; }
chmod 711 "$2"
own_folder "$2/workshop"
seat=0
while [ "$seat" -lt "$1" ]; do
  own_folder "$2/seat-$seat"
  [ -s "keys/seat-$seat" ] || LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 40 >"keys/seat-$seat"
  seat=$((seat + 1))
done
