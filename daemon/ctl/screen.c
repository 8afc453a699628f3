// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/screen.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* One cell of 24-bit colour: ESC [ 4 8 ; 2 ; r ; g ; b m and a blank. */
#define CELL_MAX 24
#define COLUMNS_MAX 1000
#define ROWS_MAX 500
#define NAME_COLUMNS 13
/* The title and an empty line. */
#define HEAD_ROWS 2

struct screen {
	const char *title;
	int signals;
	bool color;
	unsigned int rows, columns;
	size_t length;
	char text[ROWS_MAX * COLUMNS_MAX * CELL_MAX]; /* being composed */
};

static volatile sig_atomic_t changed;
static struct termios before;

static int write_all(const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(STDOUT_FILENO, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static void restore(void)
{
	static const char leave[] = "\033[0m\033[?25h\033[?1049l";

	if (!changed)
		return;
	changed = 0;
	write_all(leave, sizeof(leave) - 1);
	tcsetattr(STDOUT_FILENO, TCSANOW, &before);
}

static int prepare(void)
{
	static const char enter[] = "\033[?1049h\033[?25l\033[2J";
	struct termios quiet;

	if (tcgetattr(STDOUT_FILENO, &before) < 0)
		return -errno;
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDOUT_FILENO, TCSANOW, &quiet);
	changed = 1;
	return write_all(enter, sizeof(enter) - 1);
}

static void measure(struct screen *screen)
{
	struct winsize size = { 0 };

	screen->rows = 24;
	screen->columns = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
		screen->rows = size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX;
		screen->columns = size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
	}
}

int screen_open(struct screen **ret_screen, const char *title)
{
	static const int wanted[] = { SIGWINCH, SIGTSTP, SIGINT, SIGTERM, SIGHUP };
	const char *no_color = getenv("NO_COLOR");
	struct sigaction action;
	struct screen *screen;
	sigset_t set;
	size_t i;
	int ret;

	if (!isatty(STDOUT_FILENO))
		return -ENOTTY;
	screen = calloc(1, sizeof(*screen));
	if (!screen)
		return -ENOMEM;
	screen->title = title;
	screen->color = !no_color || !*no_color;
	/*
	 * A signal that was ignored from the start stays so, which a blocked one would not:
	 * scripts/run has its viewer ignore Ctrl-C, for the daemon's fade is to be seen.
	 */
	sigemptyset(&set);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (sigaction(wanted[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&set, wanted[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		goto err_free;
	screen->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (screen->signals < 0)
		goto err_free;
	measure(screen);
	atexit(restore);
	ret = prepare();
	if (ret < 0) {
		screen_close(screen);
		return ret;
	}
	*ret_screen = screen;
	return 0;

err_free:
	ret = -errno;
	free(screen);
	return ret;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	restore();
	close(screen->signals);
	free(screen);
}

int screen_fd(const struct screen *screen)
{
	return screen->signals;
}

int screen_take(struct screen *screen)
{
	struct signalfd_siginfo info;

	if (read(screen->signals, &info, sizeof(info)) != sizeof(info))
		return -EIO;
	if (info.ssi_signo == SIGTSTP) {
		restore();
		raise(SIGSTOP);
		/* here again with "fg" */
		if (prepare() < 0)
			return -EIO;
	} else if (info.ssi_signo != SIGWINCH) {
		return 0;
	}
	measure(screen);
	return 1;
}

__attribute__((format(printf, 2, 3))) static void put(struct screen *screen, const char *format,
						      ...)
{
	size_t left = sizeof(screen->text) - screen->length;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(screen->text + screen->length, left, format, args);
	va_end(args);
	if (n > 0)
		screen->length += (size_t)n < left ? (size_t)n : left - 1;
}

/* The mean of @count pixels, @wide columns of it. */
static void put_cell(struct screen *screen, const uint8_t *rgb, uint32_t count, uint32_t wide)
{
	static const char letters[] = " .:-=+*#%@";
	uint32_t sum[3] = { 0 }, most = 0, i;

	for (i = 0; i < count * 3; i++)
		sum[i % 3] += rgb[i];
	for (i = 0; i < 3; i++) {
		sum[i] /= count;
		most = sum[i] > most ? sum[i] : most;
	}
	if (screen->color)
		put(screen, "\033[48;2;%u;%u;%um", sum[0], sum[1], sum[2]);
	/* light, if ever so little, is never blank */
	for (i = 0; i < wide; i++)
		put(screen, "%c", screen->color ? ' ' : letters[(most * 9 + 254) / 255]);
}

static void put_line(struct screen *screen, const char *name, const uint8_t *rgb, uint32_t count)
{
	/* A pixel gets as many columns as there is room for, at most three. */
	uint32_t room = screen->columns > NAME_COLUMNS ? screen->columns - NAME_COLUMNS : 1;
	uint32_t wide = room / count, cells = wide ? count : room, i;

	wide = wide > 3 ? 3 : wide;
	put(screen, "%-12.12s ", name);
	for (i = 0; i < cells; i++) {
		uint32_t from = (uint32_t)((uint64_t)i * count / cells);
		uint32_t to = (uint32_t)((uint64_t)(i + 1) * count / cells);

		put_cell(screen, rgb + (size_t)from * 3, to - from, wide ? wide : 1);
	}
	put(screen, "%s\033[K\r\n", screen->color ? "\033[0m" : "");
}

int screen_draw(struct screen *screen, const struct screen_row *rows, unsigned int count)
{
	unsigned int used = HEAD_ROWS, i;
	uint32_t y;

	screen->length = 0;
	put(screen, "\033[H%.*s\033[K\r\n\033[K\r\n", (int)screen->columns, screen->title);
	for (i = 0; i < count; i++) {
		/* the last line of a screen stays free: a new line there would move all up */
		for (y = 0; y < rows[i].height && used + 1 < screen->rows; y++, used++)
			put_line(screen, y ? "" : rows[i].name,
				 rows[i].rgb + (size_t)y * rows[i].width * 3, rows[i].width);
	}
	put(screen, "\033[J");
	return write_all(screen->text, screen->length);
}
