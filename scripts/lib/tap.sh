# SPDX-License-Identifier: GPL-2.0-or-later
#
# tap.sh - runs test programs one after the other in one stream for tap.py
#
# Plain sh, sourced on the host and in the test machines.

# run_tap NAME COMMAND... - a test program that speaks TAP, with a time limit;
# the markers tell tap.py where its output begins and ends and how long it took
run_tap() {
	tap_name=$1
	tap_rc=0
	shift
	read -r tap_started _ < /proc/uptime
	echo "## begin $tap_name"
	timeout -k 5 "${TAP_LIMIT:-300}" "$@" 2>&1 < /dev/null || tap_rc=$?
	read -r tap_ended _ < /proc/uptime
	printf '\n## end %s %s %s-%s\n' "$tap_name" "$tap_rc" "$tap_started" "$tap_ended"
}

# run_command NAME COMMAND... - a command that only has an exit code, as one test
run_command() {
	run_tap "$1" sh -c 'echo 1..1
		"$@" && echo "ok 1 - $0" || echo "not ok 1 - $0: exit code $?"' "$@"
}
