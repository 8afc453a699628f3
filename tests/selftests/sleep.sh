#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# sleep.sh - system sleep: sleep.sh MODULE, in a machine of its own. The shares of
# the host do not survive it, so all that is needed is taken into memory first and
# the rest is done by busybox alone. When the machine then shuts down, the trace
# events on its console (tp_printk) tell the last part: see scripts/test.
set -eu

if [ "${1:-}" != awake ]; then
	mkdir /run/sleep
	cp /bin/busybox "$1" "$0" /run/sleep/
	exec /run/sleep/busybox sh /run/sleep/sleep.sh awake
fi

B=/run/sleep/busybox
HISTORY=/sys/kernel/debug/diuna/diuna/history
number=0

# verdict NAME COMMAND... - a test
verdict() {
	name=$1
	shift
	number=$((number + 1))
	if "$@"; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		$B sed 's/^/# /' $HISTORY
	fi
}

# transfer NUMBER - the words of a transfer, from 1; the first is the blank at probe
transfer() {
	$B sed -n "$(($1 + 1))s/.*words=[0-9]* //p" $HISTORY
}

count() {
	$B grep -c ^seq= $HISTORY || true
}

echo 1..4
$B insmod /run/sleep/diuna.ko sim=1 sim_pixels=2
$B printf '\377\0\1\2\3\4' > /dev/diuna
while [ "$(count)" != 2 ] || $B grep -q done=0 $HISTORY; do
	$B usleep 10000
done
frame=$(transfer 2)
# G, R, B of both pixels, a bit is 1000 or 1110: 0, 255, 1, 3, 2, 4
verdict "the frame is on the wire before" \
	[ "$frame" != "${frame#*88888888 eeeeeeee 8888888e 888888ee 888888e8 88888e88 }" ]

echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
echo freeze > /sys/power/state || true
echo none > /sys/power/pm_test

black=$(transfer 1)
verdict "the strips are black while the system sleeps" [ "$(transfer 3)" = "$black" ]
verdict "resume shows the last frame" [ "$(transfer 4)" = "$frame" ]
$B printf '\5\5\5' > /dev/diuna
while [ "$(count)" -lt 5 ]; do
	$B usleep 10000
done
verdict "frames go on after it" $B grep -q '^seq=2 ' $HISTORY

# For the shutdown: what the driver does is told on the console.
for event in "start" "done"; do
	echo 1 > /sys/kernel/tracing/events/diuna/diuna_$event/enable
done
echo "diuna: about to shut down" > /dev/kmsg
