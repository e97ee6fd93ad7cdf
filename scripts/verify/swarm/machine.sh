#!/bin/bash
# The first process of one machine: see machines.sh. When it ends, its engine, the engine's containerd and all containers end.
#
#   machine.sh FOLDER CGROUP
set -eu
folder=$1 cgroup=$2
hostname "$(basename "$folder")"
mount --make-rprivate /
mount -t tmpfs tmpfs /run
echo '{}' >"$folder/daemon.json"
# There is no registry: the engine uses the image that was loaded.
export DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1
dockerd --config-file "$folder/daemon.json" --data-root "$folder/data" --exec-root /run/docker --pidfile /run/docker.pid \
  --host "unix://$folder/docker.sock" --cgroup-parent "/$cgroup" --exec-opt native.cgroupdriver=cgroupfs \
  --log-level warn >"$folder/engine.log" 2>&1 &
wait $!
