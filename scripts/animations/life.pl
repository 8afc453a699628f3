#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
#
# life.pl - Conway's game of life on a matrix, the elementary automaton 110 on a strip
#
# An external animation for diunad, in Perl: five generations a second, each as
# many pictures long as the frame rate asks for.
use strict;
use warnings;

binmode STDOUT;
$| = 1;
my ($width, $height) = ($ENV{DIUNA_WIDTH} // 8, $ENV{DIUNA_HEIGHT} // 8);
my $repeat = int(($ENV{DIUNA_FPS} // 60) / 5) || 1;
my (@cells, $age);

sub seed {
	@cells = map { rand() < 0.35 ? 1 : 0 } 1 .. $width * $height;
	$age = 0;
}

sub at {
	my ($x, $y) = @_;
	return $cells[($y % $height) * $width + $x % $width];
}

sub next_cell {
	my ($x, $y) = @_;

	if ($height == 1) {
		my $rule = at($x - 1, 0) * 4 + at($x, 0) * 2 + at($x + 1, 0);
		return 110 >> $rule & 1;
	}
	my $near = -at($x, $y);
	for my $dy (-1 .. 1) {
		$near += at($x + $_, $y + $dy) for -1 .. 1;
	}
	return $near == 3 || ($near == 2 && at($x, $y)) ? 1 : 0;
}

seed();
while (1) {
	my $picture = join '', map { $_ ? "\x20\xc0\x40" : "\0\0\0" } @cells;
	print $picture or exit 0 for 1 .. $repeat;
	my @next = map { next_cell($_ % $width, int($_ / $width)) } 0 .. $#cells;
	# what has come to rest, or is old, makes room
	my $same = "@next" eq "@cells";
	@cells = @next;
	seed() if $same || ++$age > 300;
}
