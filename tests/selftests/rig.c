// SPDX-License-Identifier: GPL-2.0
/*
 * rig.c - see rig.h
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rig.h"

#define SYS_DIR	"/sys/class/diuna/diuna"
#define DEBUG_DIR "/sys/kernel/debug/diuna"

const struct rig_strip rig_usual[2] = {
	{ .pixels = 3, .order = "GRB", .chip = "ws2812b" },
	{ .pixels = 2, .order = "BRG", .chip = "ws2811" },
};

/* The symbols of a 1 by the part: the datasheet wants it high for 750 ns and more, or about 600 */
static const struct {
	const char *chip;
	unsigned int one;
} chips[] = {
	{ "ws2812b", 0xe },
	{ "ws2811", 0xc },
	{ "sk6812w", 0xc },
};

static struct rig_strip strips[RIG_CHANNELS];
static unsigned int strip_count;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "# rig: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

int64_t rig_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static bool patient_until(int64_t end)
{
	if (rig_now() > end)
		return false;
	nap();
	return true;
}

static int64_t patience(void)
{
	return rig_now() + RIG_PATIENCE_S * 1000000000LL;
}

int rig_try_load(const char *parameters)
{
	const char *path = getenv("DIUNA_KO");
	int fd, ret;

	if (!path)
		die("DIUNA_KO does not say where the module is");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %m", path);
	ret = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return ret;
}

static bool unload(void)
{
	int64_t end = patience();

	/* A process that was killed a moment ago may still have the device open. */
	while (syscall(SYS_delete_module, "diuna", O_NONBLOCK)) {
		if (errno == ENOENT)
			return false;
		if (!patient_until(end))
			die("cannot unload the module: %m");
	}
	return true;
}

void rig_load(const struct rig_strip *wanted, unsigned int count, unsigned int devices,
	      const char *more)
{
	char text[512], pixels[64] = "", orders[64] = "", names[64] = "";
	int ret;

	if (count > RIG_CHANNELS)
		die("%u strips are too many", count);
	unload();
	for (unsigned int i = 0; i < count; i++) {
		const char *comma = i ? "," : "";
		char number[16];

		strips[i] = wanted[i];
		snprintf(number, sizeof(number), "%u", wanted[i].pixels);
		strcat(strcat(pixels, comma), number);
		strcat(strcat(orders, comma), wanted[i].order);
		strcat(strcat(names, comma), wanted[i].chip);
	}
	strip_count = count;
	snprintf(text, sizeof(text), "sim=%u sim_pixels=%s sim_order=%s sim_chip=%s %s", devices,
		 pixels, orders, names, more ? more : "");
	ret = rig_try_load(text);
	if (ret)
		die("cannot load the module with %s: %s", text, strerror(-ret));
}

void rig_load_usual(void)
{
	rig_load(rig_usual, 2, 1, NULL);
}

void rig_load_long(void)
{
	static const struct rig_strip one = { 16384, "GRB", "ws2812b" };

	rig_load(&one, 1, 1, NULL);
}

void rig_unload(void)
{
	syscall(SYS_close_range, 3, ~0U, 0);
	if (!unload())
		die("the module is gone");
}

void rig_unbind(const char *name)
{
	char link[PATH_MAX], path[PATH_MAX], *device;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/diuna/%s/device", name);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		die("%s: %m", path);
	link[n] = '\0';
	device = basename(link);
	snprintf(path, sizeof(path), "/sys/class/diuna/%s/device/driver/unbind", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, device, strlen(device)) < 0)
		die("unbind %s from %s: %m", device, path);
	close(fd);
}

int rig_open(int flags)
{
	int fd = open("/dev/diuna", flags | O_CLOEXEC);

	if (fd < 0)
		die("/dev/diuna: %m");
	return fd;
}

void rig_fill(uint8_t *frame, size_t size, uint8_t value)
{
	memset(frame, value, size);
}

void rig_pattern(uint8_t *frame, size_t size, unsigned int number)
{
	/* 37 and 101 have no factor in common with 256: all of a short frame differ. */
	for (size_t i = 0; i < size; i++)
		frame[i] = 1 + 37 * i + 101 * number;
}

static char *slurp(const char *path)
{
	size_t size = 1 << 16, used = 0;
	char *text = malloc(size);
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %m", path);
	while ((n = read(fd, text + used, size - used - 1)) > 0) {
		used += n;
		if (size - used < 4096)
			text = realloc(text, size *= 2);
		if (!text)
			die("out of memory");
	}
	if (n < 0)
		die("%s: %m", path);
	close(fd);
	text[used] = '\0';
	return text;
}

const char *rig_get(const char *attribute)
{
	static char value[4096];
	char path[PATH_MAX], *text;
	size_t n;

	snprintf(path, sizeof(path), SYS_DIR "/%s", attribute);
	text = slurp(path);
	n = strlen(text);
	if (n < 2 || text[n - 1] != '\n' || n > sizeof(value))
		die("%s has no line of text: \"%s\"", attribute, text);
	text[n - 1] = '\0';
	strcpy(value, text);
	free(text);
	return value;
}

long long rig_get_number(const char *attribute)
{
	const char *text = rig_get(attribute);
	long long value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || end == text)
		die("%s is not a decimal number: \"%s\"", attribute, text);
	return value;
}

int rig_set(const char *attribute, const char *value)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	snprintf(path, sizeof(path), SYS_DIR "/%s", attribute);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) != (ssize_t)strlen(value))
		ret = -errno;
	close(fd);
	return ret;
}

/* Eight bits of four symbols each, the first in the highest bits; die() if it is none */
static uint8_t decode_word(uint32_t word, unsigned int one, uint64_t seq, unsigned int at)
{
	uint8_t byte = 0;

	for (int bit = 7; bit >= 0; bit--) {
		unsigned int symbols = word >> (4 * bit) & 0xf;

		if (symbols == one)
			byte |= 1 << bit;
		else if (symbols != 0x8)
			die("frame %llu: symbols %x in word %u (%08x)", (unsigned long long)seq,
			    symbols, at, word);
	}
	return byte;
}

static unsigned int symbols_of_one(const char *chip)
{
	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (!strcmp(chips[i].chip, chip))
			return chips[i].one;
	die("no symbols known for %s", chip);
}

/* Channels are interleaved word by word; zero words stand before and after the data. */
static void decode_channel(struct rig_frame *frame, unsigned int channel, const uint32_t *words,
			   uint8_t *out)
{
	const struct rig_strip *s = &strips[channel];
	unsigned int components = strlen(s->order);
	unsigned int one = symbols_of_one(s->chip);
	unsigned int i = 0;

	while (i < frame->words && !words[i * strip_count + channel])
		i++;
	for (unsigned int p = 0; p < s->pixels; p++) {
		for (unsigned int c = 0; c < components; c++, i++) {
			if (i == frame->words)
				die("frame %llu: only %u pixels", (unsigned long long)frame->seq, p);
			out[p * components + (strchr("RGBW", s->order[c]) - "RGBW")] =
				decode_word(words[i * strip_count + channel], one, frame->seq, i);
		}
	}
	for (; i < frame->words; i++)
		if (words[i * strip_count + channel])
			die("frame %llu: something after the last pixel", (unsigned long long)frame->seq);
}

static void decode_line(struct rig_frame *frame, char *line)
{
	unsigned long long seq;
	unsigned int total, n = 0;
	long long started, done;
	uint32_t *words;
	uint8_t *out;
	int used;

	if (sscanf(line, "seq=%llu started=%lld done=%lld words=%u%n", &seq, &started, &done,
		   &total, &used) != 4)
		die("bad line in the history: %.80s", line);
	if (total % strip_count)
		die("%u words do not divide by %u channels", total, strip_count);
	words = calloc(total, sizeof(*words));
	for (char *p = line + used; *p; n++) {
		if (n == total || *p != ' ' || strspn(p + 1, "0123456789abcdef") != 8)
			die("bad word %u in the history: %.40s", n, p);
		words[n] = strtoul(p + 1, &p, 16);
	}
	if (n != total)
		die("%u words announced, %u there", total, n);
	*frame = (struct rig_frame){
		.seq = seq, .started = started, .done = done, .words = total / strip_count,
	};
	for (unsigned int i = 0; i < strip_count; i++)
		frame->bytes += strips[i].pixels * strlen(strips[i].order);
	out = frame->data = calloc(1, frame->bytes);
	for (unsigned int i = 0; i < strip_count; i++) {
		decode_channel(frame, i, words, out);
		out += strips[i].pixels * strlen(strips[i].order);
	}
	free(words);
}

const struct rig_history *rig_history_of(const char *path)
{
	static struct rig_history history;
	char full[PATH_MAX], *text, *rest, *line;
	unsigned int channels;

	for (unsigned int i = 0; i < history.count; i++)
		free(history.frames[i].data);
	free(history.frames);
	memset(&history, 0, sizeof(history));

	snprintf(full, sizeof(full), DEBUG_DIR "/%s", path);
	text = rest = slurp(full);
	line = strsep(&rest, "\n");
	if (sscanf(line, "# diuna-sim 1 channels=%u symbol_ps=%u lost=%u", &channels,
		   &history.symbol_ps, &history.lost) != 3)
		die("bad first line in the history: %.80s", line);
	if (channels != strip_count)
		die("history of %u channels", channels);
	while ((line = strsep(&rest, "\n")) && *line) {
		history.frames = realloc(history.frames,
					 (history.count + 1) * sizeof(*history.frames));
		decode_line(&history.frames[history.count++], line);
	}
	free(text);
	return &history;
}

const struct rig_history *rig_history(void)
{
	return rig_history_of("diuna/history");
}

const struct rig_frame *rig_frame(unsigned int number)
{
	const struct rig_history *h = rig_history();

	for (unsigned int i = 0; i < h->count; i++)
		if (h->frames[i].seq && h->frames[i].done && !--number)
			return &h->frames[i];
	return NULL;
}

const struct rig_frame *rig_last(void)
{
	const struct rig_history *h = rig_history();

	for (unsigned int i = h->count; i--;)
		if (h->frames[i].done)
			return &h->frames[i];
	return NULL;
}

bool rig_wait_last(const uint8_t *data, size_t size)
{
	int64_t end = patience();
	const struct rig_frame *last;

	do {
		last = rig_last();
		if (last && last->bytes == size && !memcmp(last->data, data, size))
			return true;
	} while (patient_until(end));
	for (size_t i = 0; last && i < size && i < last->bytes; i++)
		if (last->data[i] != data[i])
			fprintf(stderr, "# last transfer: byte %zu is %u, should be %u\n", i,
				last->data[i], data[i]);
	return false;
}

void rig_fault(const char *fault)
{
	int fd = open(DEBUG_DIR "/diuna/fault", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, fault, strlen(fault)) != (ssize_t)strlen(fault))
		die("fault %s: %m", fault);
	close(fd);
}

int rig_submit(int fd, const void *pixels, uint32_t offset, uint32_t length, uint64_t cookie,
	       uint64_t present_ns)
{
	struct diuna_submit s = {
		.pixels = (uintptr_t)pixels,
		.offset = offset,
		.length = length,
		.cookie = cookie,
		.present_ns = present_ns,
	};

	return ioctl(fd, DIUNA_IOC_SUBMIT, &s);
}

void rig_mailbox(int fd)
{
	if (ioctl(fd, DIUNA_IOC_SET_MODE, &(struct diuna_mode){ .mode = DIUNA_MODE_MAILBOX }))
		die("cannot set MAILBOX: %m");
}

void rig_wait_frames(unsigned int count)
{
	int64_t end = patience();

	while (!rig_frame(count))
		if (!patient_until(end))
			die("frame %u never came", count);
}

bool rig_shown(unsigned int number, const uint8_t *data, size_t size)
{
	const struct rig_frame *frame = rig_frame(number);

	if (!frame) {
		fprintf(stderr, "# no frame %u\n", number);
		return false;
	}
	if (frame->bytes != size) {
		fprintf(stderr, "# frame %u has %u bytes, not %zu\n", number, frame->bytes, size);
		return false;
	}
	for (size_t i = 0; i < size; i++) {
		if (frame->data[i] == data[i])
			continue;
		fprintf(stderr, "# frame %u: byte %zu is %u, should be %u\n", number, i,
			frame->data[i], data[i]);
		return false;
	}
	return true;
}

#define HOLD_US	10000000

static uint64_t hold_began;

void rig_hold(void)
{
	char text[16];
	uint8_t *black;
	unsigned int bytes = 0;
	int fd;

	for (unsigned int i = 0; i < strip_count; i++)
		bytes += strips[i].pixels * strlen(strips[i].order);
	black = calloc(1, bytes);
	fd = rig_open(O_RDWR);
	if (write(fd, black, bytes) != (ssize_t)bytes)
		die("write: %m");
	free(black);
	hold_began = rig_read(fd).started_ns;
	close(fd);
	snprintf(text, sizeof(text), "%u", HOLD_US);
	if (rig_set("frame_interval_us", text))
		die("cannot set the frame interval");
}

bool rig_held_back(const struct diuna_completion *r)
{
	return r->started_ns >= hold_began + HOLD_US * 1000ULL;
}

void rig_release(void)
{
	if (rig_set("frame_interval_us", "0"))
		die("cannot set the frame interval");
}

struct diuna_completion rig_read(int fd)
{
	struct diuna_completion record;
	ssize_t n = read(fd, &record, sizeof(record));

	if (n != sizeof(record))
		die("read gave %zd: %m", n);
	return record;
}

int rig_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		die("/dev/kmsg: %m");
	return fd;
}

int rig_logged(int log, const char *text)
{
	/* a record of the kernel's, the most that it has */
	char line[8192];
	int count = 0;
	ssize_t n;

	while ((n = read(log, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		count += strstr(line, text) != NULL;
	}
	return count;
}

pid_t rig_spawn(int (*function)(void *arg), void *arg)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %m");
	if (!pid) {
		/* A test that failed does not leave it behind, for the next one with the device open. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(function(arg));
	}
	return pid;
}

int rig_join(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %m");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

void rig_wait_blocked(pid_t pid, long call)
{
	int64_t end = patience();
	char path[64], *text;
	long seen;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	do {
		int found;

		text = slurp(path);
		found = sscanf(text, "%ld", &seen);
		free(text);
		if (found == 1 && seen == call)
			return;
	} while (patient_until(end));
	die("the child does not sleep in system call %ld", call);
}
