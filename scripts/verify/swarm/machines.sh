#!/bin/bash
# Machines without hardware: each is a PID, mount and network namespace with a Docker engine, and a cable to one bridge.
# This script is the first process of the namespaces around them. When it ends, the kernel kills every process below it
# and removes every mount, bridge and cable. It ends when its input ends, even after SIGKILL of its parent.
#
#   unshare --pid --mount --net --fork --kill-child --mount-proc machines.sh FOLDER NAME COUNT NODE RELAY
#
# Input: the lines "start N" and "power_off N". Output: the same line when it is done.
set -eu
folder=$1 name=$2 count=$3 node=$4 relay=$5
here=$(dirname "$0")

mount --make-rprivate /
# Engines keep sockets and namespaces here.
mount -t tmpfs tmpfs /run
mkdir -p /run/netns
ip link set lo up
ip link add machines type bridge
ip link set machines up
# Addresses for documentation (RFC 5737): no real network has them.
ip address add 192.0.2.1/24 dev machines

# The test is in another network: each machine has a socket in the folder that leads to its port 80.
"$node" "$relay" "$folder" "$count" </dev/null &

declare -A machine
start() {
  ip netns add "machine-$1"
  ip link add "cable-$1" type veth peer name eth0 netns "machine-$1"
  ip link set "cable-$1" master machines up
  ip -n "machine-$1" link set lo up
  ip -n "machine-$1" address add "192.0.2.1$1/24" dev eth0
  ip -n "machine-$1" link set eth0 up
  ip -n "machine-$1" route add default via 192.0.2.1
  nsenter --net="/run/netns/machine-$1" \
    unshare --uts --pid --mount --fork --kill-child --mount-proc \
    bash "$here/machine.sh" "$folder/machine-$1" "$name/machine-$1" </dev/null &
  machine[$1]=$!
}
power_off() {
  ip link delete "cable-$1"
  kill -KILL "${machine[$1]}"
  wait "${machine[$1]}" 2>/dev/null || true
}
while read -r command number; do
  "$command" "$number"
  echo "$command $number"
done
