#!/bin/bash
# Machines without hardware: each is a PID, mount and network namespace with a Docker engine, and a cable to one bridge.
# This script is the first process of the namespaces around them. When it ends, the kernel kills every process below it
# and removes every mount, bridge and cable. It ends when its input ends, even after SIGKILL of its parent.
#
#   unshare --pid --mount --net --fork --kill-child --mount-proc machines.sh FOLDER NAME COUNT NODE
#
# Input: a line "kill N" cuts the power of machine N. Output: "killed N".
set -eu
folder=$1 name=$2 count=$3 node=$4
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

declare -A machine
for ((i = 1; i <= count; i++)); do
  ip netns add "machine-$i"
  ip link add "cable-$i" type veth peer name eth0 netns "machine-$i"
  ip link set "cable-$i" master machines up
  ip -n "machine-$i" link set lo up
  ip -n "machine-$i" address add "192.0.2.1$i/24" dev eth0
  ip -n "machine-$i" link set eth0 up
  ip -n "machine-$i" route add default via 192.0.2.1
  nsenter --net="/run/netns/machine-$i" \
    unshare --uts --pid --mount --fork --kill-child --mount-proc \
    bash "$here/machine.sh" "$folder/machine-$i" "$name/machine-$i" </dev/null &
  machine[$i]=$!
done
# The test is in another network: each machine has a socket in the folder that leads to its port 80.
"$node" "$here/relay-ports.ts" "$folder" "$count" </dev/null &

while read -r command number; do
  [ "$command" = kill ] || continue
  ip link delete "cable-$number"
  kill -KILL "${machine[$number]}"
  wait "${machine[$number]}" 2>/dev/null || true
  echo "killed $number"
done
