#compdef sonde
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# zsh completion for sonde. The tables are generated from its help texts by docs/make-completion.

@TABLES@

# _sonde_of KEY PATTERN ARGUMENT...: the values of KEY in the lines of `sonde ARGUMENT... --json` that
# contain PATTERN, into $reply.
_sonde_of() {
	local key=$1 pattern=$2
	shift 2
	reply=(${(f)"$($_sonde_program "$@" --json 2>/dev/null </dev/null | grep -e "$pattern" |
		sed -nE 's/"'$key'": ?"?/\n/; s/^[^\n]*\n([^",}]*).*/\1/p')"})
}

# Names of what the object on the command line contains, into $reply.
_sonde_in() {
	local word
	reply=()
	for word in $words[2,-1]; do
		if [[ -f $word ]]; then
			_sonde_of name "\"what\":\"$1\"" inspect $word
			return
		fi
	done
}

# _sonde_names NAME: what a value can be that the help texts call NAME, into $reply.
_sonde_names() {
	local selectors=(${(s:|:)_sonde_table[selectors $_sonde_verb]})
	reply=()
	case $_sonde_verb:$1 in
	hooks:NAME | *:SEC) _sonde_of section '' hooks ;;
	prog:PROG | map:MAP) _sonde_of name . $_sonde_verb; reply+=($selectors) ;;
	link:LINK) _sonde_of id . link; reply+=($selectors) ;;
	*:PROG) _sonde_in program ;;
	*:MAP) _sonde_in map ;;
	*:VAR) _sonde_in variable ;;
	*:TARGET | detach:PLACE) reply=(/sys/class/net/*(N:t)) ;;
	*:PID) reply=(/proc/<->(N:t)) ;;
	esac
}

# _sonde_value NAME: completes a value of that name.
_sonde_value() {
	local reply
	case $1 in
	*=*)
		if compset -P '*='; then
			_sonde_names ${1#*=}
			compadd -a reply
		else
			_sonde_names ${1%%=*}
			compadd -S = -a reply
		fi
		;;
	DIR) _files -/ ;;
	OBJ | OBJECT) _files -g '*.(o|plan)(-.)' ;;
	FILE | PATH | BINARY) _files ;;
	*)
		_sonde_names $1
		compadd -a reply
		;;
	esac
}

# The words between the verb and the cursor that are neither options nor their values: into $rest.
_sonde_rest() {
	local options="${_sonde_table[options $_sonde_verb]}"
	local -i i
	rest=()
	for (( i = 2; i < CURRENT; i++ )); do
		case $words[i] in
		-*=*) ;;
		-*) [[ "|$options" == *"|$words[i]="* ]] && (( i++ )) ;;
		*) rest+=($words[i]) ;;
		esac
	done
}

# The words that follow a verb: its action, and what that is given.
_sonde_argument() {
	local -a rest past actions arguments offered
	local row known action name
	_sonde_rest
	known=${(j: :)rest}
	actions=(${(s:|:)_sonde_table[actions $_sonde_verb]})
	for row in $actions; do
		[[ "$known " == "$row "* && $#row -ge $#action ]] && action=$row
	done
	past=(${=action})
	if [[ -z $action ]]; then
		for row in $actions; do
			[[ -z $known || $row == "$known "* ]] && offered+=(${${row#$known}[(w)1]})
		done
		if (( $#offered )); then
			compadd -a offered
			return
		fi
	fi
	arguments=(${(s:|:)_sonde_table[arguments $_sonde_verb${action:+ $action}]})
	name=$arguments[$(( $#rest - $#past + 1 ))]
	[[ $_sonde_verb:$name == (run|load|plan):FILE ]] && name=OBJECT
	_sonde_value "$name"
}

_sonde() {
	local _sonde_program=$words[1] _sonde_verb curcontext=$curcontext state line
	local -A opt_args
	if (( CURRENT == 2 )); then
		_describe -t verbs verb _sonde_verbs
		return
	fi
	shift words
	(( CURRENT-- ))
	_sonde_verb=$words[1]
	case $_sonde_verb in
	help | --help | -h)
		_describe -t verbs verb _sonde_verbs
		return
		;;
	esac
	local after=$words[(i)--]
	if [[ $_sonde_verb == (run|calls) ]] && (( after < CURRENT )); then
		words=($words[after+1,-1])
		(( CURRENT -= after ))
		_normal
		return
	fi
	local options=_sonde_options_${_sonde_verb//-/_}
	_arguments -s -S '(- *)'{-h,--help}'[print the help]' ${(P)options} '*: :_sonde_argument'
}

if [[ $funcstack[1] == _sonde ]]; then
	_sonde "$@"
else
	compdef _sonde sonde
fi
