# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for diunactl: words of the command line, and names the running daemon knows
_diunactl_names() {
	# one name a line; names may have blanks
	timeout 2 diunactl "${options[@]}" "$@" 2>/dev/null
}

_diunactl() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local words=() options=() list='' i
	# the words of the command without the options, which may stand anywhere
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--url | --token-file) options+=("${COMP_WORDS[i]}" "${COMP_WORDS[i+1]}"); i=$((i + 1)) ;;
		--json) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
	COMPREPLY=()
	case $prev in
	--token-file | --config | --frames | --device) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	--url | --fps | --title | --output) return ;;
	esac
	case ${#words[@]}:${words[0]}:${words[2]} in
	0:*) list='zones zone group effect effects palettes scene preset panel tasks log health config identify raw watch' ;;
	1:zone:* | 1:group:* | 1:effect:*) list=$(_diunactl_names zones | awk '{ print tolower($1) }') ;;
	2:zone:* | 2:group:*) list='on off brightness color effect stop' ;;
	3:zone:color | 3:group:color) list="hue kelvin rgb hsv $(_diunactl_names preset list | awk '{ print $1 }')" ;;
	3:zone:effect | 3:group:effect | 2:effect:* | 1:effects:*)
		list=$(_diunactl_names effects | awk '{ print tolower($1) }') ;;
	*:zone:effect | *:group:effect)
		list=$(_diunactl_names effects "${words[3]}" | awk '/^  / { print $1 "=" }'); compopt -o nospace ;;
	*:effect:*)
		list=$(_diunactl_names effects "${words[2]}" | awk '/^  / { print $1 "=" }'); compopt -o nospace ;;
	1:scene:* | 1:preset:*) list='list save recall rename delete' ;;
	2:scene:*) list=$(_diunactl_names scene list | awk '{ print $1 }') ;;
	2:preset:*) list=$(_diunactl_names preset list | awk '{ print $1 }') ;;
	*:scene:*) list='fade=' ;;
	*:preset:*) list='fade= zone=' ;;
	1:panel:*) list='edit white power animation next previous target adjust' ;;
	1:tasks:*) list='active failed cancel' ;;
	1:config:*) list='check set merge reset' ;;
	2:config:*) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	1:log:*) list='-f' ;;
	1:identify:* | 2:identify:*) list='walk ruler colors white order' ;;
	*:raw:*) mapfile -t COMPREPLY < <(compgen -W '--fps --loop --device --output' -- "$cur"; compgen -f -- "$cur"); return ;;
	*:watch:*) list='--fps --title --config --frames' ;;
	esac
	[[ $cur != --* ]] || list+=' --json --url --token-file --help'
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$cur")
}
complete -F _diunactl diunactl
