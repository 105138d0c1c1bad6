# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Shared by everything that downloads: the cache, a usage text taken from the head of the script, and
# Debian packages of any suite and architecture, without touching the machine's own package state.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/sonde
# shellcheck disable=SC2034 # used by scripts that source this
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# unavailable REASON…: exits with the status that means "nothing wrong here, but the archive does not
# provide it". Tests skip on this status and fail on any other.
unavailable() {
	echo "${0##*/}: $*" >&2
	exit 3
}

# Prints the head comment after the licence line.
usage() {
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# with_lock FILE COMMAND…: runs COMMAND while holding an exclusive lock on FILE.
with_lock() {
	local lock=$1 fd status
	shift
	mkdir -p "${lock%/*}"
	exec {fd}>"$lock"
	flock "$fd"
	"$@" {fd}>&-
	status=$?
	exec {fd}>&-
	return "$status"
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
	# shellcheck disable=SC2016 # expanded by apt-get
	while read -r uri release component; do
		if [[ $component == main && $suites == *" $release "* && $uri != *security* ]]; then
			echo "$uri"
			return
		fi
	done < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null)
	unavailable "no Debian mirror in this machine's apt sources; set SONDE_DEBIAN to the URI of one"
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

# apt_open_sources SUITE: the same for source packages.
apt_open_sources() {
	local arch root=$cache/apt/$1-source
	arch=$(dpkg --print-architecture)
	apt_open "$1" "$arch"
	mkdir -p "$root"/{lists/partial,archives/partial}
	: >>"$root/status"
	sed 's/^deb /deb-src /' "$cache/apt/$1-$arch/sources.list" >"$root/sources.list.$$"
	mv "$root/sources.list.$$" "$root/sources.list"
	apt+=(-o "Dir::State=$root" -o "Dir::State::status=$root/status" -o "Dir::Cache=$root"
		-o "Dir::Etc::sourcelist=$root/sources.list")
}

# unpack_debs SUITE ARCH FOLDER PACKAGE[=VERSION]…: downloads the packages and unpacks them into
# FOLDER. The caller holds the lock of this suite and has updated its index.
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

# candidates SUITE ARCH PATTERN: prints "PACKAGE VERSION" of every package in the index whose name
# matches, such as a-6.1.*-b, newest first. An index may list packages that the pool no longer has.
candidates() {
	local apt pattern name
	apt_open "$1" "$2"
	# A version such as 107+deb13 or 0-50; letters alone would mean another flavour (-rt).
	pattern=${3//./\\.}
	apt-cache "${apt[@]}" pkgnames "${3%%\**}" |
		grep -xE "${pattern//\*/[0-9][0-9a-z.+~]*(-[0-9]+)?}" | sort -rV |
		while read -r name; do
			apt-cache "${apt[@]}" show --all-versions "$name" 2>/dev/null |
				sed -n "s/^Version: /$name /p"
		done
}

apt_update() {
	local apt root=$cache/apt/$1-$2
	apt_open "$1" "$2"
	# One update per suite and hour is enough for several packages.
	[[ ${3-} != force && $(find "$root/updated" -mmin -60 2>/dev/null) ]] && return
	apt-get "${apt[@]}" update >"$root/log" 2>&1 || return
	touch "$root/updated"
}

# is_fresh SHELF: whether the cache has a copy that need not be checked against the archive yet.
# SONDE_UPDATE forces a check.
is_fresh() {
	[[ -e $1/current && ! ${SONDE_UPDATE-} && $(find "$1/checked" -mtime -7 2>/dev/null) ]]
}

# ask_again SHELF DAYS: schedules the next check, since the cached copy is not the newest.
ask_again() {
	touch -d "$((7 - $2)) days ago" "$1/checked"
}

# put_on_shelf SHELF NAME: makes the complete folder NAME the current one.
put_on_shelf() {
	ln -sfn "$2" "$1/.current.$$"
	mv -T "$1/.current.$$" "$1/current"
	# Older ones are kept for a while, since a running machine may use them.
	find "$1" -mindepth 1 -maxdepth 1 -type d ! -name "$2" -mtime +14 -exec rm -rf {} +
}

# download SHELF SUITE ARCH ARRANGE PATTERN PACKAGE VERSION COMPANION…: adds one package with its
# companions to the shelf, as PACKAGE_VERSION.
download() {
	local shelf=$1 suite=$2 arch=$3 arrange=$4 pattern=$5 package=$6 version=$7 middle folder name
	shift 7
	name=${package}_${version#*:}
	[[ -d $shelf/$name ]] && return
	middle=${package#"${pattern%%\**}"}
	middle=${middle%"${pattern#*\*}"}
	folder=$(mktemp -d "$shelf/.new.XXXXXX")
	if ! unpack_debs "$suite" "$arch" "$folder" "$package=$version" "${@//\*/$middle}" ||
		! "$arrange" "$folder" "$shelf/$name"; then
		rm -rf "$folder"
		return 1
	fi
	chmod 755 "$folder"
	mv -T "$folder" "$shelf/$name"
}

# obtain SHELF SUITE ARCH ARRANGE PATTERN COMPANION…: makes SHELF/current the newest version that can
# be downloaded, or keeps the cached copy. On failure, sets the global `reason`.
obtain() {
	local shelf=$1 suite=$2 arch=$3 arrange=$4 pattern=$5 package version failed=() name=''
	shift 5
	is_fresh "$shelf" && return # another process was faster
	mkdir -p "$shelf"
	if ! apt_update "$suite" "$arch" "${SONDE_UPDATE-}"; then
		reason="the archive does not answer for Debian $suite ($arch): $(
			grep -m 1 '^[EW]:' "$cache/apt/$suite-$arch/log")"
		return 1
	fi
	while [[ ! $name ]] && read -r package version <&3; do
		# The cached copy is newer than the remaining candidates.
		((${#failed[@]})) && [[ -e $shelf/current ]] && break
		if download "$shelf" "$suite" "$arch" "$arrange" "$pattern" "$package" "$version" "$@"; then
			name=${package}_${version#*:}
		else
			failed+=("$package $version")
			echo "${0##*/}: ${shelf#"$cache"/}: could not download or unpack $package $version" >&2
		fi
	done 3< <(candidates "$suite" "$arch" "$pattern")
	rm -f "$cache/apt/$suite-$arch"/*pkgcache.bin # 80 MB, rebuilt within a second
	if [[ $name ]]; then
		echo "${0##*/}: ${shelf#"$cache"/}: $package $version from Debian $suite ($arch)" >&2
		put_on_shelf "$shelf" "$name"
		ask_again "$shelf" $((${#failed[@]} ? 1 : 7))
		return
	fi
	if ((${#failed[@]})); then
		printf -v reason '%s, ' "${failed[@]}"
		reason="Debian $suite ($arch) lists ${reason%, }, but it can't be downloaded"
	else
		reason="Debian $suite ($arch) has no package like $pattern"
	fi
	return 1
}

# shelve SHELF SUITE ARCH ARRANGE PATTERN COMPANION…: prints the cache folder of the newest package that
# matches PATTERN (with at most one *, for a version) and can be downloaded, unpacked together with its
# COMPANIONs (where * is the same version). `ARRANGE FOLDER FINAL` post-processes the unpacked files in
# FOLDER, which is then renamed to FINAL, so a folder with a final name is always complete. Without
# network, the cached copy is used. SUITE may list several suites, separated by commas, in order of
# preference. Exit status 3: not available.
shelve() {
	local shelf=$1 suite reason reasons=''
	if ! is_fresh "$shelf"; then
		for suite in ${2//,/ }; do
			with_lock "$cache/apt/$suite-$3.lock" obtain "$shelf" "$suite" "${@:3}" && break
			reasons+=${reasons:+; }$reason
			[[ ! -e $shelf/current ]] || break
		done
		[[ -e $shelf/current ]] || unavailable "$reasons"
		if [[ $reasons ]] && ! is_fresh "$shelf"; then
			echo "${0##*/}: ${shelf#"$cache"/}: $reasons; the cached one serves" >&2
			# Check again in an hour, not at every call.
			touch -d '6 days ago 23 hours ago' "$shelf/checked"
		fi
	fi
	readlink -f "$shelf/current"
}

# obtain_source SHELF SUITE ARRANGE PACKAGE: makes SHELF/current the upstream source of a package in this
# suite, without Debian's patches. On failure, sets the global `reason`.
obtain_source() {
	local shelf=$1 suite=$2 arrange=$3 package=$4 apt version folder
	is_fresh "$shelf" && return # another process was faster
	apt_open_sources "$suite"
	reason="the archive does not answer for sources of Debian $suite"
	apt-get "${apt[@]}" update >&2 || return
	version=$(apt-cache "${apt[@]}" showsrc "$package" 2>/dev/null | sed -n 's/^Version: //p' | sort -V | tail -n 1)
	reason="Debian $suite has no source package $package"
	[[ $version ]] || return
	mkdir -p "$shelf"
	if [[ ! -d $shelf/${package}_${version#*:} ]]; then
		reason="the source of $package $version of Debian $suite can't be downloaded"
		folder=$(mktemp -d "$shelf/.new.XXXXXX")
		if ! (cd "$folder" && apt-get "${apt[@]}" source --download-only --tar-only "$package=$version") >&2 ||
			! tar -xf "$folder"/*.orig.tar.* -C "$folder" --strip-components=1 ||
			! "$arrange" "$folder"; then
			rm -rf "$folder"
			return 1
		fi
		rm -f "$folder"/*.orig.tar.*
		chmod 755 "$folder"
		mv -T "$folder" "$shelf/${package}_${version#*:}"
	fi
	echo "${0##*/}: ${shelf#"$cache"/}: $package $version from Debian $suite (source)" >&2
	put_on_shelf "$shelf" "${package}_${version#*:}"
	ask_again "$shelf" 7
}

# shelve_source SHELF SUITES ARRANGE PACKAGE: prints the cache folder of a package's source, from the first
# of the suites that provides it. As shelve.
shelve_source() {
	local shelf=$1 suite reasons=''
	if ! is_fresh "$shelf"; then
		for suite in ${2//,/ }; do
			with_lock "$cache/apt/$suite-source.lock" obtain_source "$shelf" "$suite" "${@:3}" && break
			reasons+=${reasons:+; }$reason
		done
		[[ -e $shelf/current ]] || unavailable "$reasons"
		is_fresh "$shelf" || touch -d '6 days ago 23 hours ago' "$shelf/checked"
	fi
	readlink -f "$shelf/current"
}

# pick TO FROM…: renames the first FROM that exists to TO.
pick() {
	local to=$1 from
	shift
	for from; do
		[[ -e $from ]] && mv "$from" "$to" && return
	done
	echo "nothing for ${to##*/} in the package" >&2
	return 1
}
