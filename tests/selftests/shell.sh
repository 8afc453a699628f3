#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# shell.sh - /dev/diuna as shell scripts use it: printf, cat, dd, head, pipes,
# subshells. What arrived is read by tests/lib/wiredecode.py.
set -u
cd "$(dirname "$0")" || exit 1

DEVICE=/dev/diuna
SYSFS=/sys/class/diuna/diuna
HISTORY=/sys/kernel/debug/diuna/diuna/history
number=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One strip of 4 pixels: a frame has 12 bytes.
fresh() {
	rmmod diuna 2>/dev/null
	insmod "$DIUNA_KO" sim=1 sim_pixels=4 sim_order=GRB sim_chip=ws2812b sim_history=512 ||
		echo "# cannot load the module"
}

# frames - what was shown, a line for each frame of a writer, once there are $1
frames() {
	local i

	for ((i = 0; i < 500; i++)); do
		[ "$(grep -c '^seq=[1-9]' $HISTORY)" -lt "$1" ] || break
		sleep 0.02
	done
	python3 -I -S ../lib/wiredecode.py --order GRB --chip ws2812b --pixels 4 $HISTORY |
		sed -n 's/^seq=[1-9][0-9]* ch0 //p'
}

# expect NAME COUNT LINE... - the frames shown are these
expect() {
	local name=$1 count=$2 got wanted

	shift 2
	number=$((number + 1))
	wanted=$(printf '%s\n' "$@")
	got=$(frames "$count")
	if [ "$got" = "$wanted" ]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		diff <(echo "$wanted") <(echo "$got") | head -n 20 | sed 's/^/# /'
	fi
}

# verdict NAME CODE - a test that is its exit code
verdict() {
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
	fi
}

# show COUNT - a show of this many frames; every byte of a frame is its number, from 1
show() {
	local i

	for ((i = 1; i <= $1; i++)); do
		printf "\\x$(printf %02x $i)%.0s" {1..12}
	done
}

# lines COUNT - what frames() says of it
lines() {
	local i c

	for ((i = 1; i <= $1; i++)); do
		printf -v c '%02x%02x%02x' $i $i $i
		echo "$c $c $c $c"
	done
}

echo 1..14

fresh
printf '\377\0\0' > $DEVICE
expect "printf of one pixel lights the first one" 1 "ff0000 000000 000000 000000"

printf '\0\377\0' > $DEVICE
expect "printf of another one replaces it" 2 "ff0000 000000 000000 000000" \
	"00ff00 000000 000000 000000"

printf '\1\2\3\4\5\6\7\10\11\12\13\14' > $DEVICE
printf '\377\377\377\376' > $DEVICE
expect "what printf leaves out keeps its colour" 4 "ff0000 000000 000000 000000" \
	"00ff00 000000 000000 000000" "010203 040506 070809 0a0b0c" \
	"ffffff fe0506 070809 0a0b0c"

fresh
show 40 > "$scratch/show"
cat "$scratch/show" > $DEVICE
mapfile -t wanted < <(lines 40)
expect "cat plays every frame of a file" 40 "${wanted[@]}"

for size in 1 7 12 13 1000; do
	fresh
	dd if="$scratch/show" of=$DEVICE bs=$size 2>/dev/null
	expect "dd with blocks of $size bytes plays every frame" 40 "${wanted[@]}"
done

fresh
show 40 | dd bs=7 2>/dev/null | cat > $DEVICE
expect "a pipe plays every frame" 40 "${wanted[@]}"

fresh
(
	head -c 100 "$scratch/show"
	(tail -c +101 "$scratch/show" | head -c 3)
	tail -c +104 "$scratch/show"
) > $DEVICE
expect "programs of a subshell share one stream" 40 "${wanted[@]}"

fresh
{
	cat "$scratch/show"
	printf '\377\377'
} > $DEVICE
[ "$(cat $SYSFS/partial)" = 1 ]
rc=$?
printf '\1\1\1' > $DEVICE
expect "a show that was cut off does not tear" 41 "${wanted[@]}" "010101 282828 282828 282828"
verdict "and the frame that was lost is counted" $rc

# Two writers, each with frames of one value
fresh
(for ((i = 0; i < 100; i++)); do printf 'UUUUUUUUUUUU'; done | dd bs=12 2>/dev/null > $DEVICE) &
(for ((i = 0; i < 100; i++)); do printf 'wwwwwwwwwwww'; done | dd bs=5 2>/dev/null > $DEVICE) &
wait
frames 200 > "$scratch/mixed"
[ "$(grep -c '555555 555555 555555 555555' "$scratch/mixed") \
$(grep -c '777777 777777 777777 777777' "$scratch/mixed") $(wc -l < "$scratch/mixed")" = "100 100 200" ]
verdict "two writers never mix in one frame" $?

rmmod diuna
