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

# One strip of 4 pixels: a frame has 12 bytes. All frames fit into the history, which
# is read and decoded at the end, once: in a test machine programs start slowly.
rmmod diuna 2>/dev/null
insmod "$DIUNA_KO" sim=1 sim_pixels=4 sim_order=GRB sim_chip=ws2812b sim_history=1024 ||
	echo "# cannot load the module"

cases=() first=()

# expect NAME LINE... - the frames shown since the last time are these
expect() {
	local number=${#cases[@]} ended=-1 tries=0

	cases+=("$1")
	shift
	printf '%s\n' "$@" > "$scratch/wanted.$number"
	while [ "$ended" -lt $((base + $#)) ] && [ $((tries++)) -lt 500 ]; do
		[ $tries = 1 ] || sleep 0.02
		read -r ended < $SYSFS/frames
	done
	first+=("$((base + 1))")
	base=$ended
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

# decode - prints what was shown, a line for each frame of a writer; fails if the
# signal is not in spec. What is the same on the wire is decoded once.
decode() {
	local status=0

	cat $HISTORY > "$scratch/history"
	awk '{ words = $0 } !/^#/ { sub(/.* words=/, "", words) } !seen[words]++' \
		"$scratch/history" > "$scratch/unique"
	python3 -I -S ../lib/wiredecode.py --order GRB --chip ws2812b --pixels 4 \
		"$scratch/unique" > "$scratch/decoded" || status=1
	awk '
		FILENAME ~ /decoded$/ { seq = $1; sub(/.* ch0 /, ""); colours[seq] = $0; next }
		/^#/ { next }
		{ seq = $1; sub(/.* words=/, "") }
		FILENAME ~ /unique$/ { of[$0] = colours[seq]; next }
		seq != "seq=0" { print of[$0] }
	' "$scratch/decoded" "$scratch/unique" "$scratch/history" > "$scratch/shown"
	return $status
}

# judge CASE - the frames of a case are those that were wanted, and no more
judge() {
	local from=${first[$1]} to=$((${first[$1 + 1]:-$((base + 1))} - 1))

	[ "$to" -ge "$from" ] && sed -n "$from,${to}p" "$scratch/shown" > "$scratch/got"
	cmp -s "$scratch/wanted.$1" "$scratch/got"
	rc=$?
	verdict "${cases[$1]}" $rc
	[ $rc = 0 ] || diff "$scratch/wanted.$1" "$scratch/got" | head -n 20 | sed 's/^/# /'
}

# show COUNT - a show of this many frames; every byte of a frame is its number, from 1
show() {
	local i byte

	for ((i = 1; i <= $1; i++)); do
		printf -v byte '\\x%02x' "$i"
		printf "$byte%.0s" {1..12}
	done
}

# lines COUNT - what is shown of it
lines() {
	local i c

	for ((i = 1; i <= $1; i++)); do
		printf -v c '%02x%02x%02x' $i $i $i
		echo "$c $c $c $c"
	done
}

echo 1..15
base=0

printf '\377\0\0' > $DEVICE
expect "printf of one pixel lights the first one" "ff0000 000000 000000 000000"

printf '\0\377\0' > $DEVICE
expect "printf of another one replaces it" "00ff00 000000 000000 000000"

printf '\1\2\3\4\5\6\7\10\11\12\13\14' > $DEVICE
printf '\377\377\377\376' > $DEVICE
expect "what printf leaves out keeps its colour" \
	"010203 040506 070809 0a0b0c" "ffffff fe0506 070809 0a0b0c"

show 40 > "$scratch/show"
mapfile -t wanted < <(lines 40)
cat "$scratch/show" > $DEVICE
expect "cat plays every frame of a file" "${wanted[@]}"

for size in 1 7 12 13 1000; do
	dd if="$scratch/show" of=$DEVICE bs=$size 2>/dev/null
	expect "dd with blocks of $size bytes plays every frame" "${wanted[@]}"
done

show 40 | dd bs=7 2>/dev/null | cat > $DEVICE
expect "a pipe plays every frame" "${wanted[@]}"

(
	head -c 100 "$scratch/show"
	(tail -c +101 "$scratch/show" | head -c 3)
	tail -c +104 "$scratch/show"
) > $DEVICE
expect "programs of a subshell share one stream" "${wanted[@]}"

{
	cat "$scratch/show"
	printf '\377\377'
} > $DEVICE
[ "$(< $SYSFS/partial)" = 1 ]
counted=$?
printf '\1\1\1' > $DEVICE
expect "a show that was cut off does not tear" "${wanted[@]}" "010101 282828 282828 282828"

# Two writers, each with frames of one value
(for ((i = 0; i < 100; i++)); do printf 'UUUUUUUUUUUU'; done | dd bs=12 2>/dev/null > $DEVICE) &
(for ((i = 0; i < 100; i++)); do printf 'wwwwwwwwwwww'; done | dd bs=5 2>/dev/null > $DEVICE) &
wait
mixed=$base
mapfile -t wanted < <(yes "any colour" | head -n 200)
expect "two writers" "${wanted[@]}"

decode
in_spec=$?
for ((i = 0; i < ${#cases[@]} - 1; i++)); do
	judge $i
done
verdict "the frame that was lost is counted" $counted
tail -n "+$((mixed + 1))" "$scratch/shown" > "$scratch/mixed"
[ "$(grep -c '555555 555555 555555 555555' "$scratch/mixed") \
$(grep -c '777777 777777 777777 777777' "$scratch/mixed") $(wc -l < "$scratch/mixed")" = "100 100 200" ]
verdict "two writers never mix in one frame" $?
verdict "all of it is in the chip's limits" $in_spec

rmmod diuna
