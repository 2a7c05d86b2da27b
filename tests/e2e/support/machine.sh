#!/usr/bin/env bash
# A machine of its own: systemd as process 1 in namespaces of its own, over this root with what STAGE holds laid over it. Writes go to memory;
# nothing of it is seen or left outside but the control groups named GROUP, which are empty when it has ended.
#   machine.sh FOLDER STAGE GROUP     FOLDER: an empty one; STAGE: files to lay over the root, and "install", commands that are run there
set -euo pipefail

# Control group hierarchies: systemd's own, those that the unit limits, and version 2, which is last and empty here.
hierarchies() { sed -nE 's/^[0-9]+:((name=systemd|memory|pids)?):.*/\1/p' /proc/self/cgroup; }

mount_of() {
    local type=cgroup2
    [ -z "$1" ] || type=cgroup
    awk -v type="$type" -v wanted="$1" '{ for (i = 7; $i != "-"; ++i); if ($(i + 1) == type && (wanted == "" || index("," $(i + 3) ",", "," wanted ","))) { print $5; exit } }' /proc/self/mountinfo
}

if [ "${4:-}" != inside ]; then
    mapfile -t names < <(hierarchies)
    for name in "${names[@]}"; do
        at=$(mount_of "$name")$(grep -E "^[0-9]+:$name:" /proc/self/cgroup | cut -d: -f3)/$3
        mkdir "$at"
        echo $$ >"$at/cgroup.procs"
    done
    exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup bash "$0" "$@" inside
fi

mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mapfile -t names < <(hierarchies)
stage=$2
cd "$1/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
for folder in run tmp; do mount -t tmpfs tmpfs "$folder"; done
if [ ${#names[@]} -eq 1 ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
else
    mount -t tmpfs tmpfs sys/fs/cgroup
    for name in "${names[@]}"; do
        at=sys/fs/cgroup/${name#name=}
        [ -n "$name" ] || at=sys/fs/cgroup/unified
        mkdir "$at"
        if [ -n "$name" ]; then mount -t cgroup -o "$name" cgroup "$at"; else mount -t cgroup2 cgroup2 "$at"; fi
    done
fi
# Nothing of this machine's own services; of systemd's, the journal.
rm -rf etc/systemd/system lib/systemd/system/{multi-user,timers}.target.wants
find lib/systemd/system/{sysinit,sockets}.target.wants -type l ! -name 'systemd-journald*' -delete
mkdir -p etc/systemd/system etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n' >etc/systemd/journald.conf.d/own.conf
cp -a "$stage/root/." .
cp "$stage/install" run/install
chroot . bash -e /run/install
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test chroot . /lib/systemd/systemd --system --unit=basic.target --log-target=journal
