# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# arm64.sh - kernels of other architectures and series: their headers to build
# the module against, and the arm64 one that QEMU's raspi3b boots
#
# Sourced after common.sh. Packages are taken with an apt configuration of its
# own, and unpacked under the cache: to add a foreign architecture to the system
# and install its headers would remove the compiler of this one.

# series_of KERNEL - "6.1" or "6.12": part of package names and of the cache
FOREIGN_KERNELS=(6.1-arm64 6.1-armmp 6.12-amd64 6.12-arm64 6.12-armmp)

foreign_arch() {
	case $1 in
	*-armmp) echo armhf ;;
	*) echo "${1#*-}" ;;
	esac
}

# foreign_make KERNEL - prints the variables that make needs beside -C and M
foreign_make() {
	case $1 in
	*-arm64) echo ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- ;;
	*-armmp) echo ARCH=arm CROSS_COMPILE=arm-linux-gnueabihf- ;;
	esac
}

# foreign_packages KERNEL - what a build for it needs installed
foreign_packages() {
	case $1 in
	*-arm64) echo gcc-aarch64-linux-gnu pahole ;;
	*-armmp) echo gcc-arm-linux-gnueabihf pahole libc6-i386 ;;
	*) echo pahole ;;
	esac
}

# foreign_apt ARCH COMMAND... - apt for another architecture, its state in the cache
foreign_apt() {
	local arch=$1 dir=$CACHE/apt-$1 sources=/etc/apt/sources.list.d/debian.sources uri

	shift
	[ -e $sources ] || sources=/etc/apt/sources.list
	mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/sources"
	: > "$dir/status"
	# what the system has, and the backports of the same mirror
	cp "$sources" "$dir/sources/"
	uri=$(debian_mirror)
	echo "deb $uri bookworm-backports main" > "$dir/sources/backports.list"
	cat > "$dir/conf" <<-END
	APT::Architecture "$arch";
	APT::Architectures { "$arch"; };
	Dir::State "$dir";
	Dir::State::status "$dir/status";
	Dir::Cache "$dir";
	Dir::Etc::sourcelist "-";
	Dir::Etc::sourceparts "$dir/sources";
	APT::Sandbox::User "$(id -un)";
	END
	APT_CONFIG=$dir/conf "$@"
}

# foreign_update ARCH... - fetch the lists, once a day
foreign_update() {
	local arch

	for arch in "$@"; do
		[ -n "$(find "$CACHE/apt-$arch/updated" -mtime -1 2>/dev/null)" ] && continue
		# an index that does not fit its list is the mirror's affair; the others may do
		foreign_apt "$arch" apt-get -qq update ||
			say "not all lists of packages for $arch could be had"
		touch "$CACHE/apt-$arch/updated"
	done
}

# foreign_headers KERNEL - prints the build directory of the headers of one of
# FOREIGN_KERNELS, fetched when missing
foreign_headers() {
	local dir=$CACHE/headers-$1

	[ -e "$dir/build" ] || with_lock "$CACHE/headers.lock" fetch_foreign_headers "$1" "$dir" >&2
	readlink -f "$dir/build"
}

fetch_foreign_headers() {
	local kernel=$1 dir=$2 new=$2.new arch series flavour release version

	[ -e "$dir/build" ] && return
	arch=$(foreign_arch "$kernel") series=${kernel%%-*} flavour=${kernel#*-}
	say "fetching the headers of $kernel"
	foreign_update "$arch" amd64
	release=$(foreign_apt "$arch" apt-cache pkgnames "linux-headers-$series." |
		sed -nE "s/^linux-headers-($series\.[0-9.]+(-[0-9]+|\+deb12)-$flavour)\$/\1/p" |
		sort -V | tail -n 1)
	[ -n "$release" ] || die "no linux-headers-$series…-$flavour to be had"
	version=${release%"-$flavour"}
	rm -rf "$dir" "$new"
	mkdir -p "$new"
	(
		cd "$new" || exit
		foreign_apt "$arch" apt-get -qq download "linux-headers-$release" \
			"linux-headers-$version-common"
		# The tools of the build run here, whatever they build for.
		[ "$series" != 6.1 ] || version=6.1
		foreign_apt amd64 apt-get -qq download "linux-kbuild-$version"
		for deb in ./*.deb; do
			dpkg -x "$deb" .
		done
		rm -f ./*.deb
		# amd64's modpost knows the device tables of 64 bits only, i386's those of 32
		if [ "$arch" = armhf ]; then
			foreign_update i386
			foreign_apt i386 apt-get -qq download "linux-kbuild-$version"
			dpkg -x ./*_i386.deb i386
			cp "i386/usr/lib/linux-kbuild-$version/scripts/mod/modpost.real-lsb-32" \
				"usr/lib/linux-kbuild-$version/scripts/mod/modpost"
			rm -rf i386 ./*.deb
		fi
		sed -i "s#^include /usr/src#include $dir/usr/src#" \
			"usr/src/linux-headers-$release/Makefile"
		ln -s "usr/src/linux-headers-$release" build
		echo "$release" > release
	)
	mv "$new" "$dir"
}

# foreign_build KERNEL [HEADERS] - builds the module for one of FOREIGN_KERNELS, or
# for another of this kind, with warnings as errors, in a copy; prints where that is
foreign_build() {
	local headers copy=$PROJECT/build/kmod-$1${2:+-debug}

	headers=${2:-$(foreign_headers "$1")}
	[ -n "$headers" ] || return
	with_lock "$copy.lock" foreign_build_locked "$1" "$headers" "$copy" >&2 || return
	echo "$copy"
}

foreign_build_locked() {
	local kernel=$1 headers=$2 copy=$3 variables

	read -r -a variables < <(foreign_make "$kernel") || true
	mkdir -p "$copy"
	(cd "$PROJECT" && rsync -ac --delete --include='*/' --include=Kbuild \
		--include='*.[ch]' --exclude='*' Kbuild kmod uapi "$copy/")
	make -s -C "$headers" M="$copy" W=1 KCFLAGS=-Werror "${variables[@]}" modules
}

# foreign_test_build KERNEL HEADERS DIR - builds the modules of a directory of tests
# in a copy, likewise; prints where that is. HEADERS may be empty
foreign_test_build() {
	local headers copy=$PROJECT/build/${3//\//-}-$1${2:+-debug} variables

	headers=${2:-$(foreign_headers "$1")}
	[ -n "$headers" ] || return
	read -r -a variables < <(foreign_make "$1") || true
	mkdir -p "$copy"
	rsync -ac "$PROJECT/$3/Kbuild" "$PROJECT/$3"/*-*.c "$copy/" >&2
	make -s -C "$headers" M="$copy" W=1 KCFLAGS=-Werror "${variables[@]}" modules >&2 || return
	echo "$copy"
}

# pi_kernel [SERIES] - prints the directory of Debian's arm64 kernel for QEMU's
# raspi3b: Image, release, dtb (of a Pi 3 B), busybox (static, arm64), lib/modules
pi_kernel() {
	local headers dir

	headers=$(foreign_headers "${1:-6.1}-arm64") || return
	dir=$CACHE/pi-${headers##*/linux-headers-}
	[ -e "$dir" ] || with_lock "$CACHE/pi.lock" fetch_pi_kernel "$dir" >&2 || return
	echo "$dir"
}

fetch_pi_kernel() {
	local dir=$1 new=$1.new release=${1#"$CACHE/pi-"}

	[ -e "$dir" ] && return
	say "fetching the arm64 kernel $release"
	foreign_update arm64
	rm -rf "$new"
	mkdir -p "$new"
	(
		cd "$new" || exit
		foreign_apt arm64 apt-get -qq download "linux-image-$release" busybox-static || exit
		for deb in ./*.deb; do
			dpkg -x "$deb" unpacked
		done
		mv "unpacked/boot/vmlinuz-$release" Image
		mv "unpacked/usr/lib/linux-image-$release/broadcom/bcm2837-rpi-3-b.dtb" dtb
		mv unpacked/bin/busybox busybox
		mv unpacked/lib .
		rm -rf unpacked ./*.deb
		echo "$release" > release
	) || return
	mv "$new" "$dir"
}

# pi_debug_kernel - prints the directory of one that finds bugs, in the form of
# pi_kernel's with its build directory in source; built when the fragment or the
# kernel's source is another than last time
pi_debug_kernel() {
	local version key dir

	need_packages linux-source-6.1 build-essential bc bison flex libssl-dev xz-utils
	version=$(dpkg-query -W -f='${Version}' linux-source-6.1)
	key=$(sha256sum < "$PROJECT/tests/pi/debug.config" | cut -c1-12)
	dir=$CACHE/pi-debug-$version-$key
	[ -e "$dir/release" ] ||
		with_lock "$CACHE/pi-debug.lock" make_pi_debug_kernel "$dir" >&2 || return
	echo "$dir"
}

make_pi_debug_kernel() {
	local dir=$1 log=$1.log fragment=$PROJECT/tests/pi/debug.config stock make variables lost

	[ -e "$dir/release" ] && return
	stock=$(pi_kernel) || return
	say "building the arm64 debug kernel, once: about 12 minutes of CPU time; see $log"
	rm -rf "$dir"
	mkdir -p "$dir/lib/modules"
	tar -C "$dir" -xf /usr/src/linux-source-6.1.tar.xz
	mv "$dir/linux-source-6.1" "$dir/source"
	read -r -a variables < <(foreign_make 6.1-arm64)
	make=(nice make -s -C "$dir/source" "-j$(nproc)" "${variables[@]}")
	"${make[@]}" tinyconfig > "$log" 2>&1
	cat "$fragment" >> "$dir/source/.config"
	"${make[@]}" olddefconfig >> "$log" 2>&1
	lost=$(grep -E '^(CONFIG_|# CONFIG_.* is not set)' "$fragment" |
		grep -vxF -f "$dir/source/.config" || true)
	[ -z "$lost" ] || die "lost by olddefconfig:" $lost
	"${make[@]}" Image modules >> "$log" 2>&1 || die "the kernel does not build; see $log"
	cp "$dir/source/arch/arm64/boot/Image" "$stock/dtb" "$stock/busybox" "$dir/"
	# Building modules needs neither the sources nor the objects.
	find "$dir/source" -path "$dir/source/scripts" -prune -o -type f \( -name '*.[coSa]' \
		-o -name '*.dts*' -o -name '*.cmd' -o -name '*.rst' -o -name 'vmlinux*' \) \
		-print0 | xargs -0 rm -f
	# An older one is of no use any more.
	find "$CACHE" -maxdepth 1 -name 'pi-debug-*' ! -path "$dir*" ! -name pi-debug.lock \
		-exec rm -rf {} +
	"${make[@]}" kernelrelease > "$dir/release"
}
