# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for diunactl
function __diunactl_words
	set -l words (commandline -opc)
	set -l skip 0
	for word in $words[2..]
		if test $skip = 1
			set skip 0
		else if contains -- $word --url --token-file
			set skip 1
		else
			string match -q -- '--*' $word; or echo $word
		end
	end
end
function __diunactl_at
	set -l words (__diunactl_words)
	test (count $words) -eq $argv[1]; or return 1
	test (count $argv) -lt 2; and return 0
	contains -- $words[1] (string split , $argv[2]); or return 1
	test (count $argv) -lt 3; and return 0
	test "$words[3]" = $argv[3]
end
function __diunactl_in
	set -l words (__diunactl_words)
	test "$words[1]" = $argv[1]
end
function __diunactl_list
	diunactl $argv 2>/dev/null | string replace -r '\s.*' '' | string lower
end
complete -c diunactl -f
complete -c diunactl -l json -d 'answers as the daemon gave them'
complete -c diunactl -l url -r -d 'where diunad is'
complete -c diunactl -l token-file -r -F -d 'the token'
complete -c diunactl -n '__diunactl_at 0' -a 'zones zone group effect effects palettes scene preset panel tasks log health config identify raw watch'
complete -c diunactl -n '__diunactl_at 1 zone,group,effect' -a '(__diunactl_list zones)'
complete -c diunactl -n '__diunactl_at 2 zone,group' -a 'on off brightness color effect stop'
complete -c diunactl -n '__diunactl_at 3 zone,group color' -a 'hue kelvin rgb hsv (__diunactl_list preset list)'
complete -c diunactl -n '__diunactl_at 3 zone,group effect' -a '(__diunactl_list effects)'
complete -c diunactl -n '__diunactl_at 2 effect' -a '(__diunactl_list effects)'
complete -c diunactl -n '__diunactl_at 1 effects' -a '(__diunactl_list effects)'
complete -c diunactl -n '__diunactl_at 1 scene,preset' -a 'list save recall rename delete'
complete -c diunactl -n '__diunactl_at 2 scene' -a '(__diunactl_list scene list)'
complete -c diunactl -n '__diunactl_at 2 preset' -a '(__diunactl_list preset list)'
complete -c diunactl -n '__diunactl_at 1 panel' -a 'edit white power animation next previous target adjust'
complete -c diunactl -n '__diunactl_at 1 tasks' -a 'active failed cancel'
complete -c diunactl -n '__diunactl_at 1 config' -a 'check set merge reset'
complete -c diunactl -n '__diunactl_at 2 config' -F
complete -c diunactl -n '__diunactl_at 1 log' -a '-f'
complete -c diunactl -n '__diunactl_at 1 identify' -a 'walk ruler colors white order'
complete -c diunactl -n '__diunactl_at 1 raw' -F
complete -c diunactl -n '__diunactl_in raw' -l fps -x -d 'frames a second'
complete -c diunactl -n '__diunactl_in raw' -l loop -d 'again and again'
complete -c diunactl -n '__diunactl_in raw' -l device -r -F -d 'where diuna(4) is'
complete -c diunactl -n '__diunactl_in raw' -l output -x -d 'of the daemon'
complete -c diunactl -n '__diunactl_in watch' -l fps -x -d 'pictures a second'
complete -c diunactl -n '__diunactl_in watch' -l title -x -d 'first line'
complete -c diunactl -n '__diunactl_in watch' -l config -r -F -d 'the zones'
complete -c diunactl -n '__diunactl_in watch' -l frames -r -F -d 'a file with the last frame'
