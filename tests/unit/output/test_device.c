// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * output/device.h bound by label, on a loop whose time the test moves: devices
 * are files in a folder of their own, and what the kernel would say of them is
 * a table here, in the form of uapi/linux/diuna.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "../frames/fake_loop.h"

#include <linux/diuna.h>

#include "base/str.h"
#include "output/device.h"
#include "output/device_find.h"

#define PIXELS 2
#define FRAME (2 * 3 * PIXELS) /* two channels of three components */
#define MAX_IOS 8

/* ---- descriptors on the loop: the test says when there is something ---- */

static struct loop_source ios[MAX_IOS];
static struct {
	const char *name;
	int fd;
	loop_io_fn fn;
} io[MAX_IOS];

int loop_add_io(struct loop *loop, struct loop_source **ret_source, const char *name,
		enum loop_priority priority, int fd, uint32_t events, loop_io_fn fn, void *data)
{
	(void)loop;
	(void)priority;
	(void)events;
	for (int i = 0; i < MAX_IOS; i++) {
		if (ios[i].used)
			continue;
		ios[i] = (struct loop_source){ .used = true, .data = data };
		io[i].name = name;
		io[i].fd = fd;
		io[i].fn = fn;
		*ret_source = &ios[i];
		return 0;
	}
	return -ENOSPC;
}

int loop_io_set_events(struct loop_source *source, uint32_t events)
{
	(void)source;
	(void)events;
	return 0;
}

/* All sources of this name are told. */
static void wake(const char *name, uint32_t revents)
{
	for (int i = 0; i < MAX_IOS; i++)
		if (ios[i].used && strcmp(io[i].name, name) == 0)
			io[i].fn(&ios[i], io[i].fd, revents, ios[i].data);
}

/* ---- devices ---- */

static char folder[] = "/tmp/test_device.XXXXXX";
static char first_node[48];

/* Labels of the two strips of each device; NULL: there is none. */
static const char *labels[4][2];

static char *node(unsigned int number, char path[64])
{
	if (number)
		snprintf(path, 64, "%s%u", first_node, number);
	else
		snprintf(path, 64, "%s", first_node);
	return path;
}

static int number_of(int fd)
{
	char link[64], path[256], expected[64];
	ssize_t bytes;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	bytes = readlink(link, path, sizeof(path) - 1);
	if (bytes < 0)
		return -1;
	path[bytes] = '\0';
	for (unsigned int i = 0; i < 4; i++)
		if (strcmp(path, node(i, expected)) == 0)
			return (int)i;
	return -1;
}

/* The kernel's side, for files that stand for devices. */
int ioctl(int fd, unsigned long request, ...)
{
	int number = number_of(fd);
	struct diuna_channel *channel;
	struct diuna_info *info;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (number < 0) {
		errno = ENOTTY;
		return -1;
	}
	switch (request) {
	case DIUNA_IOC_GET_INFO:
		info = arg;
		*info = (struct diuna_info){ .abi_version = DIUNA_ABI_VERSION,
					     .channels = 2,
					     .frame_bytes = FRAME };
		snprintf(info->name, sizeof(info->name), "diuna%d", number);
		return 0;
	case DIUNA_IOC_GET_CHANNEL:
		channel = arg;
		*channel = (struct diuna_channel){ .index = channel->index,
						   .pixels = PIXELS,
						   .components = 3 };
		str_copy(channel->label, sizeof(channel->label), labels[number][channel->index]);
		return 0;
	case DIUNA_IOC_SET_LUT:
		return 0;
	default:
		errno = EINVAL;
		return -1;
	}
}

static void plug(unsigned int number, const char *label_0, const char *label_1)
{
	char path[64];
	int fd = open(node(number, path), O_CREAT | O_RDWR | O_TRUNC, 0600);

	assert_true(fd >= 0);
	close(fd);
	labels[number][0] = label_0;
	labels[number][1] = label_1;
}

static void unplug(unsigned int number)
{
	char path[64];

	unlink(node(number, path));
}

/* What was written to a device last, its first byte; -1: nothing. */
static int shown(unsigned int number)
{
	uint8_t frames[16 * FRAME];
	char path[64];
	ssize_t bytes;
	int fd = open(node(number, path), O_RDONLY);

	if (fd < 0)
		return -1;
	bytes = read(fd, frames, sizeof(frames));
	close(fd);
	return bytes < FRAME ? -1 : frames[bytes - FRAME];
}

/* ---- an output that tells ---- */

struct user {
	struct output *output;
	unsigned int came, went, foreign;
	int error;
};

static void on_present(struct output *output, void *data)
{
	(void)output;
	((struct user *)data)->came++;
}

static void on_lost(struct output *output, int error, void *data)
{
	(void)output;
	((struct user *)data)->went++;
	((struct user *)data)->error = error;
}

static void on_foreign(struct output *output, uint64_t now_ns, void *data)
{
	(void)output;
	(void)now_ns;
	((struct user *)data)->foreign++;
}

static struct user begin(const char *name, const char *path, const char *label)
{
	struct output_colors colors[OUTPUT_MAX_CHANNELS];
	struct device_config config = {
		.name = name, .path = path, .label = label, .colors = colors
	};
	struct user user = { 0 };

	for (int i = 0; i < OUTPUT_MAX_CHANNELS; i++)
		colors[i] = OUTPUT_COLORS_DEFAULT;
	assert_int_equal(device_create(&user.output, &fake.loop, &config), 0);
	return user;
}

static void start(struct user *user)
{
	struct output_callbacks callbacks = {
		.on_present = on_present, .on_lost = on_lost, .on_foreign = on_foreign, .data = user
	};

	assert_int_equal(output_start(user->output, &callbacks), 0);
}

static int show(struct user *user, uint8_t value)
{
	uint8_t frame[FRAME];

	memset(frame, value, sizeof(frame));
	return output_submit(user->output, frame, sizeof(frame));
}

static int setup(void **state)
{
	(void)state;
	fake_reset();
	memset(ios, 0, sizeof(ios));
	memset(labels, 0, sizeof(labels));
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(first_node, sizeof(first_node), "%s/diuna", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 4; i++)
		unplug(i);
	rmdir(folder);
	return 0;
}

static void a_label_finds_its_device_among_several(void **state)
{
	struct user user;

	(void)state;
	plug(0, "HALL", "STAIRS");
	plug(1, "KITCHEN", "");
	plug(3, "", "GATE");
	user = begin("main", first_node, "GATE");
	start(&user);
	assert_int_equal(user.came, 1);
	assert_string_equal(user.output->geometry.channel[1].label, "GATE");
	assert_int_equal(show(&user, 7), 0);
	assert_int_equal(shown(3), 7);
	assert_int_equal(shown(0), -1);
	assert_int_equal(shown(1), -1);
	output_destroy(user.output);
}

static void a_device_that_comes_later_is_bound_when_it_comes(void **state)
{
	struct user user;
	char stray[80];
	int fd;

	(void)state;
	plug(0, "HALL", "");
	user = begin("main", first_node, "GATE");
	start(&user);
	assert_false(user.output->present);
	assert_int_equal(user.error, -ENODEV);
	/* no device's name: digits come behind it, and nothing else */
	snprintf(stray, sizeof(stray), "%s1x", first_node);
	fd = open(stray, O_CREAT | O_RDWR, 0600);
	close(fd);
	plug(2, "GATE", "");
	wake("device inotify", EPOLLIN);
	assert_true(user.output->present);
	assert_int_equal(show(&user, 9), 0);
	assert_int_equal(shown(2), 9);
	output_destroy(user.output);
	unlink(stray);
}

static void a_label_that_is_given_later_is_found_by_the_next_try(void **state)
{
	struct user user;

	(void)state;
	plug(0, "", "");
	user = begin("main", first_node, "GATE");
	start(&user);
	assert_false(user.output->present);
	labels[0][0] = "GATE";
	/* tries are at most 5 s apart */
	fake_run_ms(5000);
	assert_true(user.output->present);
	output_destroy(user.output);
}

static void a_label_of_two_devices_is_neither_and_told_once(void **state)
{
	struct user user;

	(void)state;
	plug(0, "GATE", "");
	plug(1, "", "GATE");
	user = begin("main", first_node, "GATE");
	start(&user);
	fake_run_ms(60000);
	assert_false(user.output->present);
	assert_int_equal(user.error, -ENOTUNIQ);
	assert_int_equal(user.went, 1);
	assert_int_equal(show(&user, 1), -ENODEV);
	labels[0][0] = "HALL";
	fake_run_ms(5000);
	assert_true(user.output->present);
	assert_int_equal(show(&user, 2), 0);
	assert_int_equal(shown(1), 2);
	assert_int_equal(shown(0), -1);
	output_destroy(user.output);
}

static void both_strips_of_one_device_may_have_the_label(void **state)
{
	struct user user;

	(void)state;
	plug(1, "GATE", "GATE");
	user = begin("main", first_node, "GATE");
	start(&user);
	assert_true(user.output->present);
	output_destroy(user.output);
}

static void a_device_that_comes_back_may_have_another_number(void **state)
{
	struct user user;

	(void)state;
	plug(0, "GATE", "");
	user = begin("main", first_node, "GATE");
	start(&user);
	assert_int_equal(show(&user, 3), 0);
	unplug(0);
	wake("device", EPOLLHUP);
	assert_int_equal(user.went, 1);
	assert_int_equal(user.error, -ENODEV);
	plug(2, "GATE", "");
	wake("device inotify", EPOLLIN);
	assert_int_equal(user.came, 2);
	assert_int_equal(show(&user, 4), 0);
	assert_int_equal(shown(2), 4);
	output_destroy(user.output);
}

static void a_device_is_one_outputs_only(void **state)
{
	struct user by_path, by_label;

	(void)state;
	plug(0, "GATE", "");
	by_path = begin("main", first_node, NULL);
	by_label = begin("gate", first_node, "GATE");
	start(&by_path);
	start(&by_label);
	assert_true(by_path.output->present);
	assert_false(by_label.output->present);
	assert_int_equal(by_label.error, -EBUSY);
	fake_run_ms(60000);
	/* while it tries again nobody is taken for another writer */
	wake("device inotify", EPOLLIN);
	assert_int_equal(by_path.foreign, 0);
	assert_false(by_label.output->present);
	output_stop(by_path.output);
	fake_run_ms(5000);
	assert_true(by_label.output->present);
	output_destroy(by_path.output);
	output_destroy(by_label.output);
}

static void a_path_is_that_device_whatever_its_labels_are(void **state)
{
	char path[64];
	struct user user;

	(void)state;
	plug(0, "GATE", "");
	user = begin("main", node(1, path), NULL);
	start(&user);
	assert_int_equal(user.error, -ENOENT);
	plug(2, "GATE", "");
	wake("device inotify", EPOLLIN);
	assert_false(user.output->present);
	plug(1, "", "");
	wake("device inotify", EPOLLIN);
	assert_true(user.output->present);
	output_destroy(user.output);
}

static void who_looks_for_a_label_is_no_writer(void **state)
{
	_Alignas(struct inotify_event) char buffer[4096];
	struct device_found found;
	int fd = inotify_init1(IN_NONBLOCK);

	(void)state;
	plug(0, "HALL", "");
	assert_true(inotify_add_watch(fd, first_node, IN_CLOSE) >= 0);
	assert_int_equal(device_find(first_node, "GATE", &found), -ENODEV);
	/* it was asked, and closed again by one who could not have written */
	assert_int_equal(read(fd, buffer, sizeof(buffer)), sizeof(struct inotify_event));
	assert_int_equal(((struct inotify_event *)buffer)->mask, IN_CLOSE_NOWRITE);
	close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(a_label_finds_its_device_among_several),
		TEST(a_device_that_comes_later_is_bound_when_it_comes),
		TEST(a_label_that_is_given_later_is_found_by_the_next_try),
		TEST(a_label_of_two_devices_is_neither_and_told_once),
		TEST(both_strips_of_one_device_may_have_the_label),
		TEST(a_device_that_comes_back_may_have_another_number),
		TEST(a_device_is_one_outputs_only),
		TEST(a_path_is_that_device_whatever_its_labels_are),
		TEST(who_looks_for_a_label_is_no_writer),
	};

	return cmocka_run_group_tests_name("device", tests, NULL, NULL);
}
