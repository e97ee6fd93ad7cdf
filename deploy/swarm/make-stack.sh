#!/bin/sh
# Prints the stack file for a number of seats, and changes nothing:
#
#   sh make-stack.sh 30 > stack.yml
set -eu
case ${1:-} in '' | *[!0-9]* | 0*) echo "usage: sh make-stack.sh SEATS" >&2; exit 2 ;; esac

each() { # each LINE: the line once for each seat, with its number for #
  seat=0
  while [ "$seat" -lt "$seats" ]; do
    printf '%s\n' "$1" | sed "s/#/$seat/g"
    seat=$((seat + 1))
  done
}
seats=$1
names=$(each 'seat-#' | tr '\n' ' ' | sed 's/ $//; s/ /, /g')

cat <<STACK
# Seats for Docker Swarm: a service, a closed network, a key and a folder for each learner.
# docs/cluster.md explains it. For another number of seats: sh make-stack.sh 30 > stack.yml
version: "3.9"

STACK
cat <<'STACK'
x-container: &container
  image: ${SEAT_IMAGE:?Name the image that every node can pull}
  user: "1000:1000"
  read_only: true
  cap_drop: [ALL]

x-seat: &seat
  <<: *container
  # A busy node needs longer for a start. Swarm ends a seat that is not healthy.
  healthcheck:
    test: [CMD, healthy, "20000", /api/alive]
    interval: 5s
    timeout: 10s
    retries: 6
    start_period: 300s
  # Time for the shop to drain. Afterwards the work is in the folder anyway.
  stop_grace_period: 30s
  deploy:
    # The name of a seat is the address of its container: this needs no IPVS in the kernel.
    endpoint_mode: dnsrr
    # Two containers must never use one folder.
    update_config: { order: stop-first }
    restart_policy: { delay: 2s }
    resources:
      limits: { cpus: "2", memory: 1536M, pids: 400 }
      reservations: { cpus: "0.25", memory: 768M }

x-environment: &environment
  UNHAPPY_HOSTS: ${SEATS_HOST:?Name the host of the pages, such as seats.example.org}
  UNHAPPY_KEY_FILE: /run/secrets/key

x-tmp: &tmp { type: tmpfs, target: /tmp, tmpfs: { size: 268435456 } }

services:
  # Leads /seats/N/ to seat N. It runs on every node, so every node is an address of the class.
  proxy:
    image: ${PROXY_IMAGE:-nginx:1.28}
    user: "1000:1000"
    read_only: true
    cap_drop: [ALL]
    entrypoint: [nginx, -c, /etc/unhappy-proxy.conf]
    configs: [{ source: proxy, target: /etc/unhappy-proxy.conf }]
    volumes: [*tmp]
    ports:
      - { target: 8080, published: "${HTTP_PORT:-80}", protocol: tcp, mode: host }
STACK
echo "    networks: [front, $names]"
cat <<'STACK'
    deploy:
      mode: global
      endpoint_mode: dnsrr
      restart_policy: { delay: 2s }
      resources:
        limits: { cpus: "1", memory: 128M, pids: 50 }
        reservations: { memory: 32M }

  workshop:
    <<: *container
    # Without the script of a seat: the host starts no sandbox.
    entrypoint: [tini, --, node, /app/chaos/cli/unhappy.js]
    command:
      - workshop
      - host
      - --address=0.0.0.0
      - --title=${WORKSHOP_TITLE:-Workshop}
      # Outside, and the name under which a seat joins.
      - --name=${WORKSHOP_HOST:?Name the host of the workshop, such as workshop.example.org},workshop
    healthcheck: { test: [CMD, healthy, "19900", /api/alive], interval: 10s, timeout: 10s, retries: 6 }
    volumes:
      - *tmp
      - { type: bind, source: "${STORAGE:?Name the folder that all nodes share}/workshop", target: /app/state }
STACK
echo "    networks: [$names]"
cat <<'STACK'
    deploy:
      endpoint_mode: dnsrr
      update_config: { order: stop-first }
      restart_policy: { delay: 2s }
      resources:
        limits: { cpus: "1", memory: 512M, pids: 100 }
        reservations: { cpus: "0.1", memory: 192M }

STACK
each '  seat-#:
    <<: *seat
    environment: { <<: *environment, UNHAPPY_BASE_PATH: /seats/#/ }
    networks: [seat-#]
    secrets: [{ source: seat-#, target: key, uid: "1000", mode: 0400 }]
    volumes: [*tmp, { type: bind, source: "${STORAGE}/seat-#", target: /app/state }]'
cat <<'STACK'

configs:
  proxy: { file: proxy.conf }

# A seat is alone with the proxy and the workshop. Its network leads nowhere else.
networks:
  front: {}
STACK
each '  seat-#: { internal: true }'
echo
echo 'secrets:'
each '  seat-#: { file: keys/seat-# }'
