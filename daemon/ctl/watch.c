// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * watch: the strip live in the terminal, one row per zone
 *
 * It is a process of its own, fed through a pipe that drops frames, so a
 * terminal that stands still (Ctrl-S) never stops the light.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "config/config.h"
#include "ctl/ctl.h"

/* How often the screen is drawn: what an eye and a terminal can follow. */
#define WATCH_FPS 25
/* One cell of 24-bit colour: ESC [ 4 8 ; 2 ; r ; g ; b m and a blank. */
#define WATCH_CELL_MAX 24
#define WATCH_COLUMNS_MAX 1000
#define WATCH_ROWS_MAX 500

struct watch {
	const struct config *config;
	const struct config_output *output;
	const char *title;
	int fd;		 /* where frames come from */
	bool again;	 /* @fd is a file that is read anew for each picture */
	uint8_t *frame;	 /* the picture to draw */
	uint8_t *filled; /* the one being read */
	size_t have;	 /* bytes of @filled */
	bool fresh;	 /* @frame was not drawn yet */
	unsigned int rows, columns;
	char *text; /* the screen being composed */
	size_t size, length;
};

static volatile sig_atomic_t terminal_changed;
static struct termios terminal_before;

static void terminal_restore(void)
{
	static const char leave[] = "\033[0m\033[?25h\033[?1049l";

	if (!terminal_changed)
		return;
	terminal_changed = 0;
	if (write(STDOUT_FILENO, leave, sizeof(leave) - 1) < 0)
		return;
	tcsetattr(STDOUT_FILENO, TCSANOW, &terminal_before);
}

static void terminal_prepare(void)
{
	static const char enter[] = "\033[?1049h\033[?25l\033[2J";
	struct termios quiet;

	if (tcgetattr(STDOUT_FILENO, &terminal_before) < 0)
		return;
	quiet = terminal_before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDOUT_FILENO, TCSANOW, &quiet);
	terminal_changed = 1;
	atexit(terminal_restore);
	if (write(STDOUT_FILENO, enter, sizeof(enter) - 1) < 0)
		exit(CTL_IO);
}

static void terminal_size(struct watch *w)
{
	struct winsize size = { 0 };

	w->rows = 24;
	w->columns = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
		w->rows = size.ws_row < WATCH_ROWS_MAX ? size.ws_row : WATCH_ROWS_MAX;
		w->columns = size.ws_col < WATCH_COLUMNS_MAX ? size.ws_col : WATCH_COLUMNS_MAX;
	}
}

__attribute__((format(printf, 2, 3))) static void put(struct watch *w, const char *format, ...)
{
	size_t left = w->size - w->length;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(w->text + w->length, left, format, args);
	va_end(args);
	if (n > 0)
		w->length += (size_t)n < left ? (size_t)n : left - 1;
}

/* The mean of the pixels that fall into a cell; W is light of every colour. */
static void put_cell(struct watch *w, const struct output_channel *channel,
		     const struct zone_config *zone, uint32_t from, uint32_t to)
{
	uint32_t sum[3] = { 0 };
	uint32_t i, c;

	for (i = from; i < to; i++) {
		uint32_t at = zone->reversed ? zone->count - 1 - i : i;
		const uint8_t *p = w->frame + channel->offset +
				   (size_t)(zone->first + at) * channel->components;

		for (c = 0; c < 3; c++) {
			uint32_t v = p[c] + (channel->components == 4 ? p[3] : 0u);

			sum[c] += v < 255 ? v : 255;
		}
	}
	put(w, "\033[48;2;%u;%u;%um ", sum[0] / (to - from), sum[1] / (to - from),
	    sum[2] / (to - from));
}

static void put_zone(struct watch *w, const struct config_zone *zone)
{
	const struct zone_config *z = &zone->config;
	const struct output_channel *channel = &w->output->geometry.channel[z->channel];
	/* A pixel gets as many columns as there is room for, at most three. */
	uint32_t room = w->columns > 14 ? w->columns - 14 : 1;
	uint32_t wide = room / z->count;
	uint32_t cells, i, k;

	wide = wide > 3 ? 3 : wide;
	put(w, "%-12.12s ", z->id);
	if (wide) {
		for (i = 0; i < z->count; i++) {
			put_cell(w, channel, z, i, i + 1);
			for (k = 1; k < wide; k++)
				put(w, " ");
		}
	} else {
		cells = room;
		for (i = 0; i < cells; i++)
			put_cell(w, channel, z, (uint32_t)((uint64_t)i * z->count / cells),
				 (uint32_t)((uint64_t)(i + 1) * z->count / cells));
	}
	put(w, "\033[0m\033[K\r\n");
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static int draw(struct watch *w)
{
	unsigned int used = 2;
	size_t i;

	w->length = 0;
	put(w, "\033[H%.*s\033[K\r\n\033[K\r\n", (int)w->columns, w->title);
	for (i = 0; i < w->config->zone_count && used + 1 < w->rows; i++) {
		const struct config_zone *zone = &w->config->zone[i];

		if (&w->config->output[zone->output] != w->output || !zone->config.enabled)
			continue;
		put_zone(w, zone);
		used++;
	}
	put(w, "\033[J");
	w->fresh = false;
	return write_all(STDOUT_FILENO, w->text, w->length);
}

/* Returns 1 at the end of the stream. Reads what is there, the newest whole frame stays. */
static int receive(struct watch *w)
{
	size_t bytes = w->output->geometry.frame_bytes;
	ssize_t n;

	for (;;) {
		n = read(w->fd, w->filled + w->have, bytes - w->have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (n == 0)
			return 1;
		w->have += (size_t)n;
		if (w->have == bytes) {
			uint8_t *swap = w->frame;

			w->frame = w->filled;
			w->filled = swap;
			w->have = 0;
			w->fresh = true;
		}
	}
}

static int look_again(struct watch *w)
{
	size_t bytes = w->output->geometry.frame_bytes;
	ssize_t n = pread(w->fd, w->filled, bytes, 0);

	if (n < 0)
		return -errno;
	if ((size_t)n == bytes && memcmp(w->frame, w->filled, bytes) != 0) {
		memcpy(w->frame, w->filled, bytes);
		w->fresh = true;
	}
	return 0;
}

static int watch_loop(struct watch *w, int signals, int ticks)
{
	bool terminal = isatty(STDOUT_FILENO);
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = ticks, .events = POLLIN },
		/* Negative descriptors are skipped by poll(2). */
		{ .fd = w->again ? -1 : w->fd, .events = POLLIN },
	};
	int ret;

	for (;;) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents) {
			struct signalfd_siginfo info;

			if (read(signals, &info, sizeof(info)) != sizeof(info))
				return -EIO;
			if (info.ssi_signo != SIGWINCH)
				return 0;
			terminal_size(w);
			w->fresh = true;
		}
		if (fds[2].revents) {
			ret = receive(w);
			if (ret != 0)
				return ret < 0 ? ret : 0;
		}
		if (fds[1].revents) {
			uint64_t count;

			if (read(ticks, &count, sizeof(count)) != sizeof(count))
				return -EIO;
			if (w->again) {
				ret = look_again(w);
				if (ret < 0)
					return ret == -ENODEV ? 0 : ret;
			}
			if (terminal && w->fresh) {
				ret = draw(w);
				if (ret < 0)
					return ret;
			}
		}
	}
}

static int watch_run(struct watch *w)
{
	const struct itimerspec every = {
		.it_interval.tv_nsec = 1000000000 / WATCH_FPS,
		.it_value.tv_nsec = 1,
	};
	_cleanup_close_ int signals = -1;
	_cleanup_close_ int ticks = -1;
	sigset_t set;

	/*
	 * Ctrl-C is for the daemon, which fades out: the picture ends with the
	 * stream. Only a file that has no end needs another one: SIGTERM.
	 */
	signal(SIGINT, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	ticks = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (signals < 0 || ticks < 0 || timerfd_settime(ticks, 0, &every, NULL) < 0)
		return -errno;
	if (!w->again && fcntl(w->fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;

	terminal_size(w);
	if (isatty(STDOUT_FILENO))
		terminal_prepare();
	return watch_loop(w, signals, ticks);
}

/* The first output with pixels that the configuration knows: a virtual one. */
static const struct config_output *find_output(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->output_count; i++) {
		if (config->output[i].geometry.frame_bytes > 0)
			return &config->output[i];
	}
	return NULL;
}

static const char watch_help[] =
	"Usage: diunactl watch --config FILE [--frames FILE] [--title TEXT]\n"
	"\n"
	"Shows a virtual strip in the terminal, one row per zone. Frames come from\n"
	"standard input (diunad --preview-fd) until it ends, or with --frames from a\n"
	"file that always holds the last one, such as last_frame of the simulated\n"
	"strip in debugfs, until SIGTERM. Draws nothing where the output is no terminal.\n"
	"\n"
	"  --config FILE  the daemon's configuration, for the zones\n"
	"  --frames FILE  read this file 25 times a second\n"
	"  --title TEXT   first line\n";

int ctl_watch(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "frames", required_argument, NULL, 'f' },
		{ "title", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct watch w = { .title = "diuna", .fd = STDIN_FILENO };
	const char *config_path = NULL, *frames_path = NULL;
	char error[CONFIG_ERROR_MAX];
	struct config *config = NULL;
	int option, ret;

	(void)ctl;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config_path = optarg;
			break;
		case 'f':
			frames_path = optarg;
			break;
		case 't':
			w.title = optarg;
			break;
		case 'h':
			fputs(watch_help, stdout);
			return CTL_OK;
		default:
			return CTL_USAGE;
		}
	}
	if (!config_path || optind != argc) {
		fputs(watch_help, stderr);
		return CTL_USAGE;
	}
	if (config_load(config_path, &config, error) < 0) {
		fprintf(stderr, "diunactl: %s\n", error);
		return CTL_CONFIG;
	}
	w.config = config;
	w.output = find_output(config);
	if (!w.output) {
		fprintf(stderr, "diunactl: %s: no virtual output to watch\n", config_path);
		config_free(config);
		return CTL_CONFIG;
	}
	if (frames_path) {
		w.again = true;
		w.fd = open(frames_path, O_RDONLY | O_CLOEXEC);
		if (w.fd < 0) {
			fprintf(stderr, "diunactl: %s: %s\n", frames_path, strerror(errno));
			config_free(config);
			return CTL_NO_INPUT;
		}
	}
	w.size = (size_t)WATCH_ROWS_MAX * WATCH_COLUMNS_MAX * WATCH_CELL_MAX;
	w.text = malloc(w.size);
	w.frame = calloc(2, w.output->geometry.frame_bytes);
	if (!w.text || !w.frame)
		return CTL_OS;
	w.filled = w.frame + w.output->geometry.frame_bytes;

	ret = watch_run(&w);
	terminal_restore();
	if (ret < 0) {
		fprintf(stderr, "diunactl: watch: %s\n", strerror(-ret));
		return CTL_IO;
	}
	return CTL_OK;
}
