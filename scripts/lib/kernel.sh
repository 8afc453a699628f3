# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# kernel.sh - the kernels that the module is tested in, their module trees and
# the module built for them
#
# Sourced after common.sh. A kernel is a directory $CACHE/kernel-NAME with
# vmlinuz, release, lib/modules/RELEASE and initrd.

# What the initramfs loads, with all that these depend on
STOCK_MODULES=(virtio_pci 9pnet_virtio 9p overlay virtio_net virtio_console virtio_rng)

# The release that Debian's generic headers are for: never uname -r, for the
# machine may well run another kernel
headers_release() {
	local depends

	depends=$(dpkg-query -W -f='${Depends}' linux-headers-amd64 2>/dev/null) ||
		die "linux-headers-amd64 is not installed"
	expr "$depends" : 'linux-headers-\([^ ,]*\)'
}

# stock_kernel - prints the directory of Debian's generic kernel, fetched when missing
stock_kernel() {
	local release dir

	release=$(headers_release)
	dir=$CACHE/kernel-$release
	[ -e "$dir/release" ] || with_lock "$dir.lock" fetch_stock_kernel "$release" "$dir" >&2
	with_lock "$dir.lock" make_initrd "$dir" "${STOCK_MODULES[@]}"
	echo "$dir"
}

# The image is unpacked beside the system, not installed: no boot loader is touched.
fetch_stock_kernel() {
	local release=$1 dir=$2 new=$2.new

	[ -e "$dir/release" ] && return
	say "fetching the kernel image of $release"
	rm -rf "$dir" "$new"
	mkdir -p "$new"
	(
		cd "$new"
		apt-get download -qq -o APT::Sandbox::User=root "linux-image-$release" ||
			die "no linux-image-$release to be had; try apt-get update and" \
				"apt-get install linux-headers-amd64"
		dpkg -x ./*.deb .
		rm -f ./*.deb
		mv "boot/vmlinuz-$release" vmlinuz
		rm -rf boot usr
		/sbin/depmod -b . "$release"
		echo "$release" > release
	)
	mv "$new" "$dir"
}

# make_initrd DIR MODULE... - busybox, the modules that reach the root file
# system and the two scripts in tests/vm; made again when one of these changed
make_initrd() {
	local dir=$1 release work key name
	shift

	release=$(cat "$dir/release")
	key=$(cat "$PROJECT/tests/vm/init" "$PROJECT/tests/vm/guest" /bin/busybox \
		<(echo "$@") | sha256sum)
	[ "$key" = "$(cat "$dir/initrd.key" 2>/dev/null)" ] && return
	work=$(mktemp -d)
	mkdir -p "$work"/{bin,proc,sys,dev,lower,top,new,modules}
	cp /bin/busybox "$work/bin/"
	install -m 755 "$PROJECT/tests/vm/init" "$work/init"
	install -m 755 "$PROJECT/tests/vm/guest" "$work/guest"
	for name in "$@"; do
		/sbin/modprobe -d "$dir" -S "$release" --show-depends "$name" |
			awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++' | while read -r name; do
		case $name in
		*.xz)
			xz -dc "$name" > "$work/modules/$(basename "$name" .xz)"
			;;
		*)
			cp "$name" "$work/modules/"
			;;
		esac
		basename "$name" .xz >> "$work/modules/order"
	done
	touch "$work/modules/order"
	(cd "$work" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$dir/initrd.new"
	rm -rf "$work"
	mv "$dir/initrd.new" "$dir/initrd"
	echo "$key" > "$dir/initrd.key"
}

# build_module KDIR - builds diuna.ko against a kernel's build directory in a
# copy under build/, so that the tree stays clean; prints where the copy is
build_module() {
	local kdir=$1 release copy

	release=$(basename "$(dirname "$kdir")")
	[ "$release" != . ] || die "cannot tell the release of $kdir"
	copy=$PROJECT/build/kmod-$release
	with_lock "$copy.lock" build_module_locked "$kdir" "$copy" >&2
	echo "$copy"
}

build_module_locked() {
	local kdir=$1 copy=$2

	mkdir -p "$copy"
	# Without -t: what is new here is new for make, whatever its date.
	(cd "$PROJECT" && rsync -rlpc --delete --include='*/' --include=Kbuild \
		--include='*.[ch]' --exclude='*' Kbuild kmod uapi "$copy/")
	# Debian's headers come without the vmlinux that BTF would need.
	make -s -C "$kdir" M="$copy" W=1 KCFLAGS=-Werror CONFIG_DEBUG_INFO_BTF_MODULES= modules
}

# build_external KDIR DIRECTORY [SOURCE...] - builds a directory of the project that
# is a module of its own, in a copy under build/ with the sources it takes from
# elsewhere; prints where the copy is
build_external() {
	local kdir=$1 copy

	copy=$PROJECT/build/$(basename "$2")-$(basename "$(dirname "$kdir")")
	with_lock "$copy.lock" build_external_locked "$copy" "$@" >&2
	echo "$copy"
}

build_external_locked() {
	local copy=$1 kdir=$2

	shift 2
	mkdir -p "$copy"
	(cd "$PROJECT" && rsync -rlpcR --delete --include='*/' --include=Kbuild \
		--include='*.[ch]' --exclude='*' "$@" "$copy/")
	make -s -C "$kdir" M="$copy/$1" W=1 CONFIG_DEBUG_INFO_BTF_MODULES= modules
}

# kernel_build_dir DIR - where modules for a kernel are built
kernel_build_dir() {
	if [ -e "$1/lib/modules/$(cat "$1/release")/build" ]; then
		echo "$1/lib/modules/$(cat "$1/release")/build"
	else
		echo "/lib/modules/$(cat "$1/release")/build"
	fi
}

# kselftest_dir - prints where the kernel's own kselftest harness is, taken out
# of the kernel's source on first use
kselftest_dir() {
	local version dir

	version=$(dpkg-query -W -f='${Version}' linux-source-6.1)
	dir=$CACHE/kselftest-$version
	[ -e "$dir" ] || with_lock "$dir.lock" fetch_kselftest "$dir" >&2
	echo "$dir"
}

fetch_kselftest() {
	local dir=$1 new=$1.new

	[ -e "$dir" ] && return
	say "taking kselftest out of the kernel's source"
	rm -rf "$new"
	mkdir -p "$new"
	tar -C "$new" --strip-components=4 -xf /usr/src/linux-source-6.1.tar.xz --occurrence=1 \
		linux-source-6.1/tools/testing/selftests/kselftest.h \
		linux-source-6.1/tools/testing/selftests/kselftest_harness.h \
		linux-source-6.1/tools/testing/selftests/lib.mk
	mv "$new" "$dir"
}

# debug_kernel - prints the directory of the kernel that finds bugs, built when
# the fragment or the kernel's source is another than last time
debug_kernel() {
	local version dir key

	need_packages linux-source-6.1 build-essential bc bison flex libelf-dev libssl-dev xz-utils
	version=$(dpkg-query -W -f='${Version}' linux-source-6.1)
	key=$(sha256sum < "$PROJECT/tests/vm/debug.config" | cut -c1-12)
	dir=$CACHE/kernel-debug-$version-$key
	[ -e "$dir/release" ] || with_lock "$CACHE/kernel-debug.lock" make_debug_kernel "$dir" >&2
	with_lock "$dir.lock" make_initrd "$dir"
	echo "$dir"
}

make_debug_kernel() {
	local dir=$1 log=$1.log make lost

	[ -e "$dir/release" ] && return
	say "building the debug kernel, once: about 12 minutes of CPU time; see $log"
	rm -rf "$dir"
	mkdir -p "$dir/lib/modules"
	tar -C "$dir" -xf /usr/src/linux-source-6.1.tar.xz
	mv "$dir/linux-source-6.1" "$dir/source"
	make=(nice make -s -C "$dir/source" "-j$(nproc)")
	"${make[@]}" tinyconfig > "$log" 2>&1
	cat "$PROJECT/tests/vm/debug.config" >> "$dir/source/.config"
	"${make[@]}" olddefconfig >> "$log" 2>&1
	lost=$(grep -E '^(CONFIG_|# CONFIG_.* is not set)' "$PROJECT/tests/vm/debug.config" |
		grep -vxF -f "$dir/source/.config" || true)
	[ -z "$lost" ] || die "lost by olddefconfig:" $lost
	"${make[@]}" bzImage modules >> "$log" 2>&1 || die "the debug kernel does not build; see $log"
	"${make[@]}" modules_install INSTALL_MOD_PATH="$dir" >> "$log" 2>&1
	cp "$dir/source/arch/x86/boot/bzImage" "$dir/vmlinuz"
	# Building modules needs neither the sources nor the objects.
	find "$dir/source" \( -path "$dir/source/scripts" -o -path "$dir/source/tools/objtool" \) \
		-prune -o -type f \( -name '*.[coSa]' -o -name '*.ko' -o -name '*.dts*' \
		-o -name '*.cmd' -o -name '*.rst' -o -name 'vmlinux*' \) -print0 | xargs -0 rm -f
	# An older one is of no use any more.
	find "$CACHE" -maxdepth 1 -name 'kernel-debug-*' ! -path "$dir*" -exec rm -rf {} +
	"${make[@]}" kernelrelease > "$dir/release"
}

# linux_source - prints where the kernel's source is, unpacked on first use
linux_source() {
	local dir

	dir=$CACHE/linux-source-$(dpkg-query -W -f='${Version}' linux-source-6.1)
	[ -e "$dir" ] || with_lock "$CACHE/linux-source.lock" unpack_linux_source "$dir" >&2
	echo "$dir"
}

unpack_linux_source() {
	local dir=$1 new=$1.new

	[ -e "$dir" ] && return
	say "unpacking the kernel's source"
	rm -rf "$new"
	mkdir -p "$new"
	tar -C "$new" --strip-components=1 -xf /usr/src/linux-source-6.1.tar.xz
	# The project's suites are built in from here; the link is set for each build.
	echo 'obj-y += diuna/' >> "$new/lib/Makefile"
	mv "$new" "$dir"
}

# user_mode_kernel - prints a kernel that is a program of this system, with the
# project's KUnit suites built in
user_mode_kernel() {
	local source

	source=$(linux_source)
	with_lock "$CACHE/user-mode-kernel.lock" make_user_mode_kernel "$source" \
		"$CACHE/user-mode-kernel" >&2
	echo "$CACHE/user-mode-kernel/linux"
}

make_user_mode_kernel() {
	local source=$1 dir=$2 log=$2.log make

	make=(nice make -s -C "$source" ARCH=um "O=$dir" "-j$(nproc)")
	if [ ! -e "$dir/.config" ]; then
		say "building the user-mode kernel, once: about 4 minutes of CPU time; see $log"
		mkdir -p "$dir"
		echo CONFIG_KUNIT=y > "$dir/.config"
		"${make[@]}" olddefconfig > "$log" 2>&1
	fi
	ln -sfn "$PROJECT/tests/kunit" "$source/lib/diuna"
	# objects of another tree, whose files may be newer than these
	rm -rf "$dir/lib/diuna"
	"${make[@]}" linux > "$log" 2>&1
}
