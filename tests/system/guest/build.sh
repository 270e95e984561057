#!/usr/bin/env bash
# The kernel that the tests of this folder run on: Debian 12's own, with its gpio-sim, which Debian does not build. Everything comes
# from apt by name; nothing is installed, and root is not needed.
#
#     tests/system/guest/build.sh DIRECTORY        makes vmlinuz and initrd.gz there
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
readonly HERE
readonly MODULES=(virtio_pci 9pnet_virtio 9p configfs gpio-sim vivid uinput evdev overlay autofs4)
readonly COMPILER=gcc-12 # the one that Debian compiled this kernel with
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/guest-kernel.XXXXXX")
readonly WORK
trap 'rm -rf "$WORK"' EXIT

RELEASE=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: linux-image-//p' | head -1)
readonly RELEASE SERIES=${RELEASE%.*}
[[ $RELEASE == 6.1.* ]] || { echo "build.sh: needs the apt of Debian 12 on x86-64 (its linux-image-amd64 is ${RELEASE:-unknown})" >&2; exit 1; }

download() {
    mkdir "$WORK/packages"
    cd "$WORK/packages"
    apt-get -qq -o APT::Sandbox::User=root download "linux-image-$RELEASE" "linux-headers-$RELEASE" \
        "linux-headers-${RELEASE%-amd64}-common" "linux-kbuild-$SERIES" "linux-source-$SERIES" ||
        { echo "build.sh: apt has no kernel packages for us; try apt-get update" >&2; return 1; }
    dpkg -x linux-image-*.deb "$WORK/image"
    local package
    for package in linux-headers-*.deb linux-kbuild-*.deb; do dpkg -x "$package" "$WORK/headers"; done
    mkdir "$WORK/source"
    dpkg-deb --fsys-tarfile linux-source-*.deb | tar -xO "./usr/src/linux-source-$SERIES.tar.xz" | xz -dc |
        tar -x -C "$WORK/source" --strip-components=1 --wildcards '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c'
}

# The headers think that they were installed: their paths into /usr are led here.
settle_headers() {
    local own=$WORK/headers/usr/src/linux-headers-$RELEASE common=$WORK/headers/usr/src/linux-headers-${RELEASE%-amd64}-common
    grep -rlIZ "/usr/src/linux-headers-${RELEASE%-amd64}-common" "$own/Makefile" "$own/.kernelvariables" 2>/dev/null |
        xargs -0 -r sed -i "s#/usr/src/linux-headers-${RELEASE%-amd64}-common#$common#g"
    local link
    for link in "$own"/{scripts,tools} "$common"/{scripts,tools}; do
        [[ ! -L $link ]] || ln -sfn "$WORK/headers/usr/lib/linux-kbuild-$SERIES/${link##*/}" "$link"
    done
}

# Changes a source; one that has grown different is an error, not a silent no.
change() {
    local file=$1 script=$2 before
    before=$(sha256sum "$file")
    sed -i "$script" "$file"
    [[ $(sha256sum "$file") != "$before" ]] || { echo "build.sh: $file is not as expected" >&2; return 1; }
}

# gpio-sim with the interrupt simulator that it needs in one module. The simulator's one call that modules may not make has a twin that
# they may. And, as on a Raspberry Pi, an output keeps its level when whoever held it lets go or dies.
build_gpio_sim() {
    local module=$WORK/module kept='!!test_bit(offset, chip->pull_map));'
    mkdir "$module"
    cp "$WORK/source/drivers/gpio/gpiolib.h" "$module/"
    cp "$WORK/source/kernel/irq/irq_sim.c" "$module/"
    cp "$WORK/source/drivers/gpio/gpio-sim.c" "$module/gpio-sim-chip.c"
    change "$module/irq_sim.c" '/EXPORT_SYMBOL_GPL/d; s/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/'
    change "$module/gpio-sim-chip.c" "s/^\t__assign_bit(offset, chip->value_map, $kept/\tif (test_bit(offset, chip->direction_map))\n\t&/"
    printf 'obj-m := gpio-sim.o\ngpio-sim-y := gpio-sim-chip.o irq_sim.o\n' >"$module/Makefile"
    make -C "$WORK/headers/usr/src/linux-headers-$RELEASE" M="$module" CC=$COMPILER modules
    install -D --mode=644 "$module/gpio-sim.ko" "$WORK/image/lib/modules/$RELEASE/extra/gpio-sim.ko"
}

# The modules that are wanted and those that they need, as paths below the release's folder.
wanted_modules() {
    local name
    for name in "${MODULES[@]}"; do
        sed -n "s#^\(\|.*/\)$name\.ko:#&#p" modules.dep
    done | tr -d : | tr ' ' '\n' | sort -u
}

pack_initrd() {
    local root=$WORK/initrd source=$WORK/image/lib/modules/$RELEASE target=$WORK/initrd/lib/modules/$RELEASE
    mkdir -p "$root"/{bin,dev,proc,sys,new} "$target"
    busybox depmod -b "$WORK/image" "$RELEASE"
    (cd "$source" && wanted_modules | cpio -pdm --quiet "$target")
    cp "$source"/modules.{order,builtin,builtin.modinfo} "$target/"
    busybox depmod -b "$root" "$RELEASE"
    cp "$(command -v busybox)" "$root/bin/busybox"
    install --mode=755 "$HERE/init.sh" "$root/init"
    (cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$OUT/initrd.gz"
    cp "$WORK/image/boot/vmlinuz-$RELEASE" "$OUT/vmlinuz"
}

mkdir -p "${1:?say where to}"
OUT=$(cd "$1" && pwd)
download
settle_headers
build_gpio_sim
pack_initrd
