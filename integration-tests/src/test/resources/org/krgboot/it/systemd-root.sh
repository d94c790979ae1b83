# Runs systemd as process 1 of a root directory: $1 the root, $2 a directory that it sees as /NFSROOT/kerrighed.
# Started in namespaces of its own for processes, mounts, host name and control groups; the network is the caller's.
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys"
mount -t tmpfs tmpfs "$1/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
mount -t tmpfs tmpfs "$1/dev"
for node in null zero full random urandom tty; do
  touch "$1/dev/$node"
  mount --bind "/dev/$node" "$1/dev/$node"
done
mkdir "$1/dev/shm"
ln -s /proc/self/fd "$1/dev/fd"
mkdir -p "$1/NFSROOT/kerrighed" "$1/run/old"
mount --bind "$2" "$1/NFSROOT/kerrighed"
cd "$1"
pivot_root . run/old
umount -l /run/old
export container=krgboot-test
exec /lib/systemd/systemd --system --unit=multi-user.target --log-target=null --show-status=0
