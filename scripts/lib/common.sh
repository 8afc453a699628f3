# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# common.sh - what the scripts share: messages, packages, the cache
#
# Sourced by bash scripts that have set -euo pipefail.
shopt -s inherit_errexit

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# What is costly to make and does not depend on the work tree lives outside of it.
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/diuna
# What building the daemon wants of Debian
DAEMON_PACKAGES=(build-essential pkg-config libsystemd-dev libmicrohttpd-dev libwslay-dev libjansson-dev libcurl4-openssl-dev
	libgpiod-dev libevdev-dev)

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "${0##*/}: $*"
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "not root and no sudo; please run: $*"
	fi
}

# need_packages NAME... - installs the Debian packages that are missing
need_packages() {
	local name missing=()

	for name in "$@"; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
			missing+=("$name")
	done
	[ ${#missing[@]} -eq 0 ] && return
	say "installing ${missing[*]}"
	apt_install "${missing[@]}" && return
	as_root apt-get update -qq
	apt_install "${missing[@]}" || die "apt-get could not install ${missing[*]}"
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
		"$@" >/dev/null
}

# debian_mirror - prints the address from which this system has its Debian
debian_mirror() {
	local mirror

	# shellcheck disable=SC2016 # that is for apt to expand
	mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' |
		awk '!/-security/ && !n++')
	[ -n "$mirror" ] || die "apt knows no mirror of Debian"
	echo "$mirror"
}

# unpacked_package NAME - prints the directory where a Debian package's files are,
# without it being installed
unpacked_package() {
	local dir=$CACHE/package-$1

	[ -e "$dir" ] || with_lock "$dir.lock" unpack_package "$1" "$dir" >&2
	echo "$dir"
}

unpack_package() {
	local dir=$2 new=$2.new

	[ -e "$dir" ] && return
	say "unpacking $1"
	rm -rf "$new"
	mkdir -p "$new"
	(
		cd "$new"
		apt-get download -qq -o APT::Sandbox::User=root "$1" || die "no package $1 to be had"
		dpkg -x ./*.deb .
		rm -f ./*.deb
	)
	mv "$new" "$dir"
}

# with_lock FILE COMMAND... - runs a command while nobody else does under this
# lock. A failure ends the script, as set -e does: not to be used with || or if.
with_lock() {
	local file=$1 fd

	shift
	mkdir -p "$(dirname "$file")"
	exec {fd}>"$file"
	flock "$fd"
	"$@"
	exec {fd}>&-
}

# npm_modules - installs what tests/npm locks, once for each lock file, and says where
npm_modules() {
	local folder=$PROJECT/build/npm lock=$PROJECT/tests/npm/package-lock.json

	with_lock "$PROJECT/build/npm.lock" install_npm_modules "$folder" "$lock" >&2
	echo "$folder/node_modules"
}

install_npm_modules() {
	cmp -s "$2" "$1/installed.json" && return
	# Whoever has a node of another origin keeps it: Debian's npm would want Debian's.
	command -v npm > /dev/null || need_packages nodejs npm
	mkdir -p "$1"
	cp "${2%/*}/package.json" "$2" "$1"
	say "installing what tests/npm names"
	npm ci --prefix "$1" --no-audit --no-fund --ignore-scripts --loglevel=error
	cp "$2" "$1/installed.json"
}
