# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# bash completion for sonde. The tables are generated from its help texts by docs/make-completion.

@TABLES@

# The functions share the variables of _sonde(): $program, $verb, $word (the one to complete), $object
# (a file on the command line) and $rest (words after the verb that are no options).
#
# shellcheck disable=SC2154

# _sonde_row KEY: the values of a row of the table, one a line.
_sonde_row() {
	local values=${_sonde_table[$1]-}
	[[ ! $values ]] || printf '%s\n' "${values//|/$'\n'}"
}

# _sonde_takes OPTION: the name of the option's value; fails if it takes none.
_sonde_takes() {
	local option
	option=$(_sonde_row "options $verb" | grep -m 1 "^$1=") && echo "${option#*=}"
}

# _sonde_of KEY PATTERN ARGUMENT…: the values of KEY in the lines of `sonde ARGUMENT… --json` that contain
# PATTERN.
_sonde_of() {
	local key=$1 pattern=$2
	shift 2
	"$program" "$@" --json 2>/dev/null </dev/null | grep -e "$pattern" |
		sed -nE 's/"'"$key"'": ?"?/\n/; s/^[^\n]*\n([^",}]*).*/\1/p'
}

# _sonde_in WHAT: names of what the object on the command line contains.
_sonde_in() {
	[[ ! $object ]] || _sonde_of name "\"what\":\"$1\"" inspect "$object"
}

# _sonde_offer [PREFIX]: completes $word, of which PREFIX is given, with the lines of standard input.
_sonde_offer() {
	mapfile -t COMPREPLY < <(compgen -P "${1-}" -W "$(cat)" -- "${word#"${1-}"}")
}

# _sonde_files PREFIX [REGEX]: the same with folders, and files that match, or any if none does.
_sonde_files() {
	local path=${word#"$1"}
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <({
		compgen -d -- "$path"
		[[ ! ${2-} ]] || compgen -f -- "$path" | grep -E "$2" || compgen -f -- "$path"
	} | sort -u | sed "s,^,$1,")
}

# _sonde_names NAME: what a value can be that the help texts call NAME, one a line.
_sonde_names() {
	case $verb:$1 in
	hooks:NAME) _sonde_of section '' hooks ;;
	prog:PROG | map:MAP)
		_sonde_row "selectors $verb"
		_sonde_of name . "$verb"
		;;
	link:LINK)
		_sonde_row "selectors $verb"
		_sonde_of id . link
		;;
	*:PROG) _sonde_in program ;;
	*:MAP) _sonde_in map ;;
	*:VAR) _sonde_in variable ;;
	*:TARGET | detach:PLACE) ls /sys/class/net 2>/dev/null ;;
	*:SEC) _sonde_of section '' hooks ;;
	*:STRUCT) [[ ! $object ]] || _sonde_of name '"kind":"struct"' btf list "$object" ;;
	*:PID) (cd /proc && printf '%s\n' [0-9]*) ;;
	esac
}

# _sonde_value NAME [PREFIX]: completes $word, of which PREFIX is given, as a value called NAME.
_sonde_value() {
	local given=${word#"${2-}"}
	case $1 in
	*=*)
		if [[ $given == *=* ]]; then
			_sonde_offer "${2-}${given%%=*}=" < <(_sonde_names "${1#*=}")
		else
			compopt -o nospace 2>/dev/null
			_sonde_offer "${2-}" < <(_sonde_names "${1%%=*}" | sed 's/$/=/')
		fi
		;;
	DIR) _sonde_files "${2-}" ;;
	OBJ | OBJECT) _sonde_files "${2-}" '\.(o|plan)$' ;;
	FILE | PATH | BINARY) _sonde_files "${2-}" . ;;
	*) _sonde_offer "${2-}" < <(_sonde_names "$1") ;;
	esac
}

# The words of the command line up to the cursor: into $words, the last one into $word. bash splits them
# at "=", and completes only what follows.
_sonde_split() {
	local i part glue=
	words=()
	for ((i = 1; i <= COMP_CWORD; i++)); do
		part=${COMP_WORDS[i]}
		if [[ $part == = || $glue ]] && ((${#words[@]})); then
			words[-1]+=$part
		else
			words+=("$part")
		fi
		glue=
		[[ $part != = ]] || glue=1
	done
	word=${words[-1]}
	unset 'words[-1]'
}

# Reads the words after the verb. Fails after "--", where a command follows.
_sonde_read() {
	local i
	for ((i = 1; i < ${#words[@]}; i++)); do
		case ${words[i]} in
		--)
			commands=$((${#words[@]} - i - 1))
			return 1
			;;
		-*=*) ;;
		-*)
			if _sonde_takes "${words[i]}" >/dev/null; then
				previous=${words[i]}
				i=$((i + 1))
				((i >= ${#words[@]})) || previous=
			fi
			;;
		*)
			rest+=("${words[i]}")
			[[ ! -f ${words[i]} ]] || object=${words[i]}
			;;
		esac
	done
	# The object may follow the cursor.
	for i in "${COMP_WORDS[@]:COMP_CWORD+1}"; do
		[[ $object || ! -f $i ]] || object=$i
	done
}

# Completes an action of the verb, or an argument.
_sonde_argument() {
	local row known="${rest[*]}" action=
	while IFS= read -r row; do
		# The longest action that the words begin with.
		[[ "$known " != "$row "* || ${#row} -lt ${#action} ]] || action=$row
	done < <(_sonde_row "actions $verb")
	local arguments past=() given name
	# shellcheck disable=SC2206
	past=($action)
	given=$((${#rest[@]} - ${#past[@]}))
	if [[ ! $action ]]; then
		# The next word of each action that begins with the words.
		_sonde_offer < <(_sonde_row "actions $verb" | awk -v known="$known${known:+ }" \
			'index($0, known) == 1 { $0 = substr($0, length(known) + 1); print $1 }')
		[[ ! ${COMPREPLY[*]-} ]] || return 0
	fi
	mapfile -t arguments < <(_sonde_row "arguments $verb${action:+ $action}")
	case ${rest[*]: -1} in
	id | name | tag) _sonde_offer < <(_sonde_of "${rest[-1]}" . "$verb") ;;
	pinned) _sonde_files '' . ;;
	*)
		name=${arguments[given]-}
		[[ ! $verb:$name =~ ^(run|load|plan):FILE$ ]] || name=OBJECT
		_sonde_value "$name"
		;;
	esac
}

_sonde() {
	local program=$1 word words verb object='' rest=() previous='' commands=''
	COMPREPLY=()
	_sonde_split
	verb=${words[0]-}
	if [[ ! $verb || ${#words[@]} -eq 1 && $verb =~ ^(help|--help|-h)$ ]]; then
		_sonde_offer < <(
			_sonde_row verbs
			[[ $verb ]] || printf '%s\n' help --help --version
		)
	elif ! _sonde_read; then
		compopt -o default 2>/dev/null
		((commands)) || mapfile -t COMPREPLY < <(compgen -c -- "$word")
	elif [[ $previous ]]; then
		_sonde_value "$(_sonde_takes "$previous")"
	elif [[ $word == --*=* ]]; then
		_sonde_value "$(_sonde_takes "${word%%=*}")" "${word%%=*}="
	elif [[ $word == -* ]]; then
		_sonde_offer < <(_sonde_row "options $verb" | sed 's/=.*//')
	else
		_sonde_argument
	fi
	if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${word%=*}="}")
	fi
}

complete -F _sonde sonde
