#!/bin/busybox sh
# The first program of the guest. Its root is the machine that it runs on, read-only; /mnt is memory, and /mnt/out a folder of that
# machine, where the program to run is found and its verdict is left.
/bin/busybox --install -s /bin
export PATH=/bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devices /dev
modprobe -a virtio_pci 9pnet_virtio 9p overlay autofs4 configfs gpio-sim uinput evdev
modprobe vivid n_devs=1 node_types=0x1

share=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o "ro,cache=loose,$share" root /new
mount -t tmpfs memory /new/mnt
mkdir /new/mnt/out /new/mnt/tmp
mount -t 9p -o "$share" out /new/mnt/out
for each in proc sys dev; do mount --bind "/$each" "/new/$each"; done
mkdir -p /new/dev/pts /new/dev/shm
mount -t devpts terminals /new/dev/pts
mount -t tmpfs memory /new/dev/shm
mount -t configfs configuration /new/sys/kernel/config
mount -t tracefs traces /new/sys/kernel/tracing
ip link set lo up

chroot /new /bin/sh /mnt/out/run
poweroff -f
