// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.c - what the shell cannot do on the emulated board
 *
 *	rig show FILE		send the frames of FILE and wait until all have ended
 *	rig nowait FILE		send one frame and say how often that slept
 *	rig held FILE		the same of two frames, the DMA engine stopped at first: the
 *				transfer that it did not see never ends
 *	rig released FILE	the same, but it is made to go on
 *	rig writer FILE		send FILE again and again, whatever happens
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/diuna.h>

#define PATIENCE_MS	20000
/* Any transfer of these tests takes less than half of it */
#define HELD_US		2000

/* BCM2835 ARM Peripherals, 4.2.1: the DMA engines' registers, as a Pi 3 has them */
#define DMA_BASE	0x3f007000
#define DMA_ENABLE	0xff0
#define DMA_ALL		0x7fff
#define DMA_CHANNELS	15
#define DMA_CS(n)	((n) * 0x100)
#define DMA_CONBLK(n)	((n) * 0x100 + 4)
#define DMA_TI(n)	((n) * 0x100 + 8)
#define DMA_DEST(n)	((n) * 0x100 + 16)
/* PWM's FIFO, in its page */
#define PWM_FIF1	0x18

static const char *frames;
static size_t frames_size;

static void die(const char *what)
{
	printf("rig: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void load(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st))
		die(path);
	frames_size = st.st_size;
	frames = mmap(NULL, frames_size, PROT_READ, MAP_SHARED, fd, 0);
	if (frames == MAP_FAILED)
		die(path);
	close(fd);
}

static int open_device(void)
{
	int fd = open("/dev/diuna", O_RDWR | O_NONBLOCK);

	if (fd < 0)
		die("/dev/diuna");
	return fd;
}

static size_t frame_bytes(int fd)
{
	struct diuna_info info;

	if (ioctl(fd, DIUNA_IOC_GET_INFO, &info))
		die("GET_INFO");
	return info.frame_bytes;
}

static void wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	int n = poll(&p, 1, PATIENCE_MS);

	if (n < 0)
		die("poll");
	if (!n) {
		printf("rig: waited %d ms for events %#x\n", PATIENCE_MS, events);
		exit(1);
	}
}

static int bad_record(const struct diuna_completion *c)
{
	return c->status || c->lost || c->started_ns < c->queued_ns || c->done_ns <= c->started_ns;
}

/* Reads what records there are, prints the bad ones or all; returns their number */
static unsigned int read_records(int fd, unsigned int *errors, int all)
{
	struct diuna_completion c[64];
	ssize_t got = read(fd, c, sizeof(c));
	unsigned int n;

	if (got < 0 && errno != EAGAIN)
		die("read");
	n = got < 0 ? 0 : got / sizeof(c[0]);
	for (unsigned int i = 0; i < n; i++) {
		*errors += bad_record(&c[i]);
		if (all || bad_record(&c[i]))
			printf("record %llu status %d lost %u\n", (unsigned long long)c[i].seq,
			       c[i].status, c[i].lost);
	}
	return n;
}

static void show(void)
{
	int fd = open_device();
	size_t bytes = frame_bytes(fd), count = frames_size / bytes, sent = 0, ended = 0;
	unsigned int errors = 0;

	while (ended < count) {
		ssize_t put = -1;

		wait_for(fd, POLLIN | (sent < count ? POLLOUT : 0));
		if (sent < count)
			put = write(fd, frames + sent * bytes, bytes);
		if (put == (ssize_t)bytes)
			sent++;
		else if (sent < count && errno != EAGAIN)
			die("write");
		ended += read_records(fd, &errors, 0);
	}
	printf("ended %zu errors %u\n", ended, errors);
}

static void nowait(void)
{
	int fd = open_device();
	size_t bytes = frame_bytes(fd);
	unsigned int errors = 0;
	struct rusage before, after;
	ssize_t put;

	getrusage(RUSAGE_SELF, &before);
	put = write(fd, frames, bytes);
	getrusage(RUSAGE_SELF, &after);
	if (put != (ssize_t)bytes)
		die("write");
	printf("sleeps %ld\n", after.ru_nvcsw - before.ru_nvcsw);
	wait_for(fd, POLLIN);
	printf("ended %u ", read_records(fd, &errors, 0));
	printf("errors %u\n", errors);
}

static volatile unsigned int *map_dma(void)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);
	void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, DMA_BASE);

	if (fd < 0 || map == MAP_FAILED)
		die("/dev/mem");
	return map;
}

/* Channels that were told to start meanwhile, QEMU starts when told again */
static void restart_dma(volatile unsigned int *dma)
{
	for (unsigned int n = 0; n < DMA_CHANNELS; n++)
		if (dma[DMA_CONBLK(n) / 4]) {
			dma[DMA_CS(n) / 4] = 0;
			dma[DMA_CS(n) / 4] = 1;
		}
}

/* What the channels were told of their last transfer to a FIFO */
static void print_dma(volatile unsigned int *dma)
{
	for (unsigned int n = 0; n < DMA_CHANNELS; n++)
		if ((dma[DMA_DEST(n) / 4] & 0xff) == PWM_FIF1)
			printf("dma ti %#x dest %#x\n", dma[DMA_TI(n) / 4], dma[DMA_DEST(n) / 4]);
}

static void held(int release)
{
	volatile unsigned int *dma = map_dma();
	int fd = open_device();
	size_t bytes = frame_bytes(fd);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	unsigned int taken = 0, errors = 0, ended = 0;

	dma[DMA_ENABLE / 4] = 0;
	while (write(fd, frames + taken * bytes, bytes) == (ssize_t)bytes)
		taken++;
	printf("taken %u then %s\n", taken, errno == EAGAIN ? "EAGAIN" : strerror(errno));
	printf("room %d\n", poll(&p, 1, 0));
	usleep(HELD_US);
	/* what was started while the engine stood still stays where it is */
	dma[DMA_ENABLE / 4] = DMA_ALL;
	if (release)
		restart_dma(dma);
	while (ended < taken) {
		wait_for(fd, POLLIN);
		ended += read_records(fd, &errors, 1);
	}
	if (release)
		print_dma(dma);
}

static void writer(void)
{
	for (;;) {
		/* no O_CREAT: between two devices there is no file of that name */
		int fd = open("/dev/diuna", O_WRONLY);

		if (fd < 0) {
			usleep(1000);
			continue;
		}
		/* an emulated transfer takes no time: do not fill the log with them */
		while (write(fd, frames, frames_size) > 0)
			usleep(1000);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc == 3 ? argv[1] : "";

	if (argc == 3)
		load(argv[2]);
	if (!strcmp(what, "show"))
		show();
	else if (!strcmp(what, "nowait"))
		nowait();
	else if (!strcmp(what, "held"))
		held(0);
	else if (!strcmp(what, "released"))
		held(1);
	else if (!strcmp(what, "writer"))
		writer();
	else
		return 2;
	return 0;
}
