# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What the runner, the kernel fetcher and the sysroot maker share: the cache, a usage text that is
# the head of the script itself, and Debian packages of any suite and architecture without touching
# the machine's own package state.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/sonde
# shellcheck disable=SC2034 # for those who source this
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Everything of the head comment after the licence line.
usage() {
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# with_lock FILE COMMAND…: one at a time, also across processes.
with_lock() {
	local lock=$1 fd
	shift
	mkdir -p "${lock%/*}"
	exec {fd}>"$lock"
	flock "$fd"
	"$@" {fd}>&-
	exec {fd}>&-
}

# The root of the Debian mirror that this machine's own apt uses, so that no host is named here.
mirror() {
	local uri release component suites
	if [[ ${SONDE_DEBIAN-} ]]; then
		echo "$SONDE_DEBIAN"
		return
	fi
	suites=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	suites=" $suites stable oldstable testing unstable sid bullseye bookworm trixie forky "
	# shellcheck disable=SC2016 # apt-get fills these in, not the shell
	while read -r uri release component; do
		if [[ $component == main && $suites == *" $release "* && $uri != *security* ]]; then
			echo "$uri"
			return
		fi
	done < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null)
	die "no Debian mirror in this machine's apt sources; set SONDE_DEBIAN to the URI of one"
}

# apt_open SUITE ARCH: afterwards the array `apt` holds the options of a private apt state.
apt_open() {
	local root=$cache/apt/$1-$2 keyring=/usr/share/keyrings/debian-archive-keyring.gpg option uri
	uri=$(mirror) || exit
	mkdir -p "$root"/{lists/partial,archives/partial}
	: >>"$root/status"
	option=arch=$2
	[[ -e $keyring ]] && option+=" signed-by=$keyring"
	echo "deb [$option] $uri $1 main" >"$root/sources.list.$$"
	mv "$root/sources.list.$$" "$root/sources.list"
	apt=(-qq -o "APT::Architecture=$2" -o "APT::Architectures=$2" -o APT::Sandbox::User=
		-o "Dir::State=$root" -o "Dir::State::status=$root/status" -o "Dir::Cache=$root"
		-o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin
		-o "Dir::Etc::sourcelist=$root/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=30
		-o APT::Update::Error-Mode=any)
}

# unpack_debs SUITE ARCH FOLDER PACKAGE…: downloads the packages and unpacks them into FOLDER.
# The caller has locked and updated the state of this suite.
unpack_debs() {
	local folder=$3 apt deb
	apt_open "$1" "$2"
	shift 3
	mkdir -p "$folder/debs"
	(cd "$folder/debs" && apt-get "${apt[@]}" download "$@") >&2 || return
	for deb in "$folder"/debs/*.deb; do
		dpkg-deb -x "$deb" "$folder" || return
	done
	rm -rf "$folder/debs"
}

# package_version SUITE ARCH PACKAGE
package_version() {
	local apt
	apt_open "$1" "$2"
	apt-cache "${apt[@]}" show --no-all-versions "$3" 2>/dev/null | sed -n 's/^Version: //p'
}

# newest_package SUITE ARCH PATTERN: the newest package name that matches, e.g. a-6.1.*-b.
newest_package() {
	local apt pattern
	apt_open "$1" "$2"
	# A version such as 107+deb13 or 0-50: nothing of letters that would be another flavour (-rt).
	pattern=${3//./\\.}
	apt-cache "${apt[@]}" pkgnames "${3%%\**}" |
		grep -xE "${pattern//\*/[0-9][0-9a-z.+~]*(-[0-9]+)?}" | sort -V | tail -n 1
}

apt_update() {
	local apt root=$cache/apt/$1-$2
	apt_open "$1" "$2"
	# Several packages of one suite within an hour need one look at the archive.
	[[ ${3-} != force && $(find "$root/updated" -mmin -60 2>/dev/null) ]] && return
	apt-get "${apt[@]}" update >"$root/log" 2>&1 || return
	touch "$root/updated"
}

# is_fresh SHELF: there is a copy, and nobody need ask the archive for a newer one. SONDE_UPDATE:
# ask all the same.
is_fresh() {
	[[ -e $1/current && ! ${SONDE_UPDATE-} && $(find "$1/checked" -mtime -7 2>/dev/null) ]]
}

# make_do SHELF REASON…: there is nothing newer to be had; what is in the cache must serve.
make_do() {
	local shelf=$1
	shift
	[[ -e $shelf/current ]] || die "$@"
	# Ask again in an hour, not at every call.
	touch -d '6 days ago 23 hours ago' "$shelf/checked"
}

# obtain SHELF SUITE ARCH ARRANGE PATTERN COMPANION…: makes SHELF/current the newest version.
obtain() {
	local shelf=$1 suite=$2 arch=$3 arrange=$4 pattern=$5 package version middle folder name
	shift 5
	is_fresh "$shelf" && return # another process was faster
	mkdir -p "$shelf"
	if ! apt_update "$suite" "$arch" "${SONDE_UPDATE-}"; then
		make_do "$shelf" "the archive does not answer for Debian $suite ($arch):" \
			"$(grep -m 1 '^[EW]:' "$cache/apt/$suite-$arch/log")"
		return
	fi
	package=$(newest_package "$suite" "$arch" "$pattern") || true
	[[ $package ]] || die "Debian $suite ($arch) has no package like $pattern"
	version=$(package_version "$suite" "$arch" "$package")
	name=${package}_${version#*:}
	if [[ ! -d $shelf/$name ]]; then
		middle=${package#"${pattern%%\**}"}
		middle=${middle%"${pattern#*\*}"}
		folder=$(mktemp -d "$shelf/.new.XXXXXX")
		if ! unpack_debs "$suite" "$arch" "$folder" "$package" "${@//\*/$middle}" ||
			! "$arrange" "$folder" "$shelf/$name"; then
			rm -rf "$folder"
			make_do "$shelf" "could not download and unpack $package of Debian $suite ($arch)"
			return
		fi
		chmod 755 "$folder"
		mv -T "$folder" "$shelf/$name"
	fi
	ln -sfn "$name" "$shelf/.current.$$"
	mv -T "$shelf/.current.$$" "$shelf/current"
	touch "$shelf/checked"
	rm -f "$cache/apt/$suite-$arch"/*pkgcache.bin # 80 MB, made again within a second
	# Older ones may still be in use by a machine that is running: they stay for a while.
	find "$shelf" -mindepth 1 -maxdepth 1 -type d ! -name "$name" -mtime +14 -exec rm -rf {} +
}

# shelve SHELF SUITE ARCH ARRANGE PATTERN COMPANION…: prints the folder in the cache that holds the
# newest package that matches PATTERN (at most one * in it, for a version), unpacked, and its
# COMPANIONs with it (their * is the same version). `ARRANGE FOLDER FINAL` gives what was unpacked
# in FOLDER, and will be moved to FINAL, its shape. Only what is complete ever gets its name.
shelve() {
	is_fresh "$1" || with_lock "$cache/apt/$2-$3.lock" obtain "$@"
	readlink -f "$1/current"
}

# pick TO FROM…: the first of FROM that exists becomes TO.
pick() {
	local to=$1 from
	shift
	for from; do
		[[ -e $from ]] && mv "$from" "$to" && return
	done
	echo "nothing for ${to##*/} in the package" >&2
	return 1
}
