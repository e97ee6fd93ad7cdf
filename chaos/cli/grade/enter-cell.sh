#!/bin/sh
# Program: builds the cell in which `lab grade` runs code, then runs a command in it. It starts in namespaces of its own
# (mount, network, PID, IPC: see open-cell.ts) and as root of them, so nothing outside of them changes.
#
#   enter-cell.sh UID GID BYTES PROJECT CELL CACHE NODE COMMAND...
#
# PROJECT has the programs and their packages. CELL is an empty folder, in PROJECT or elsewhere. In the cell a process can
# change this folder, /cell and /tmp. They are in memory, of at most BYTES bytes, and gone with the cell. CACHE has the
# binaries of the stores, and NODE is the folder of Node.
set -eu

uid=$1 gid=$2 bytes=$3 project=$4 cell=$5 cache=$6 node=$7
shift 7
# The cell itself has no /sys.
root=/sys

# No mount of the cell is visible outside.
mount --make-rprivate /
mount -t tmpfs -o size=1m,mode=755,nosuid,nodev cell "$root"

# Shows a folder or a link of the machine in the cell.
show() {
  if [ -L "$1" ]; then
    [ -L "$root$1" ] || cp -P "$1" "$root$1"
  elif [ -d "$1" ]; then
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
  fi
}

# In memory too, and before the project, which may be below.
memory() { mkdir -p "$2"; mount -t tmpfs -o "size=$1,mode=1777,nosuid,nodev" cell "$2"; }
memory 256m "$root/tmp"
memory 256m "$root/dev/shm"
memory "$bytes" "$root/cell"
mkdir "$root/cell/cache"
chmod 755 "$root/cell"

for path in /usr /bin /sbin /lib /lib32 /lib64 /libx32 /etc /opt /nix; do show "$path"; done
show "$project"
case $node in "$project"/* | /usr/* | /opt/* | /nix/*) ;; *) show "$node" ;; esac

# In the project, it hides the same folder.
memory "$bytes" "$root$cell"
chmod 755 "$root$cell"

# Binaries are shown. Compiled code is copied.
for path in "$cache"/*; do
  [ -d "$path" ] || continue
  name=$(basename "$path")
  case $name in
    sandboxes) ;;
    compile-cache) cp -R "$path" "$root/cell/cache/" ;;
    *)
      mkdir "$root/cell/cache/$name"
      mount --rbind "$path" "$root/cell/cache/$name"
      ;;
  esac
done

mkdir "$root/proc" "$root/before"
[ -e "$root/var" ] || mkdir "$root/var"
[ -e "$root/var/tmp" ] || ln -s ../tmp "$root/var/tmp"
# Only the processes of the cell, and no disk. Files of /proc that change the machine belong to root.
if [ "$uid" = 0 ]; then proc=ro; else proc=rw; fi
mount -t proc -o "$proc",nosuid,nodev,noexec proc "$root/proc"
for name in null zero full random urandom; do
  : > "$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
ln -s /proc/self/fd "$root/dev/fd"

# A loopback of its own, and no other network.
ip link set lo up

cd "$root"
pivot_root . before
umount -l /before
rmdir /before

# What comes from the machine can be read, and not be changed: each mount, with those below it.
while read -r _ _ _ _ at _; do
  at=$(printf '%b' "$at")
  case $at in
    "$cell" | /cell | /tmp | /dev/* | /proc) ;;
    *) mount -o remount,bind,ro "$at" ;;
  esac
done < /proc/self/mountinfo
cd "$project"

# No file and no process takes more than its share, and the first process collects dead children.
# Each thread of Node reserves 525 MB of data, most of which it never uses: a right fix with a few threads must fit.
limits="prlimit --core=0 --fsize=268435456 --data=4294967296"
if [ "$uid" = 0 ]; then
  # The stores refuse to run as root: to change their user and to end them takes these capabilities.
  keep=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid,+sys_ptrace
  exec setpriv --no-new-privs --inh-caps=-all --bounding-set="$keep" $limits sh -c '"$@" & wait $!' cell "$@"
fi
# The user again, without capabilities in the namespaces of the cell.
exec unshare --user --map-user="$uid" --map-group="$gid" $limits sh -c '"$@" & wait $!' cell "$@"
