// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the state is saved, how its file is replaced, and what happens when
 * that fails or hangs. The times are the design's: 0.5 s after the last and at
 * most 1.5 s after the first unsaved change.
 */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/log.h"
#include "control/store.h"
#include "control/store_file.h"
#include "control/store_plan.h"

#define MS NSEC_PER_MSEC
#define S NSEC_PER_SEC

/* ---- the plan ---- */

static void nothing_changed_is_never_saved(void **unused)
{
	struct store_plan plan = { 0 };

	(void)unused;
	assert_int_equal(store_plan_due(&plan), 0);
	store_plan_hurry(&plan);
	assert_int_equal(store_plan_due(&plan), 0);
}

static void one_change_is_saved_half_a_second_later(void **unused)
{
	struct store_plan plan = { 0 };

	(void)unused;
	store_plan_change(&plan, 10 * S);
	assert_int_equal(store_plan_due(&plan), 10 * S + 500 * MS);
}

static void a_stream_of_changes_is_saved_one_and_a_half_seconds_after_its_first(void **unused)
{
	struct store_plan plan = { 0 };
	unsigned int i;

	(void)unused;
	for (i = 0; i <= 140; i++)
		store_plan_change(&plan, 10 * S + i * 10 * MS);
	assert_int_equal(store_plan_due(&plan), 11 * S + 500 * MS);
}

static void a_change_while_saving_waits_for_its_end_and_has_times_of_its_own(void **unused)
{
	struct store_plan plan = { 0 };

	(void)unused;
	store_plan_change(&plan, 10 * S);
	store_plan_begin(&plan, 10 * S + 500 * MS);
	store_plan_change(&plan, 10 * S + 600 * MS);
	assert_int_equal(store_plan_due(&plan), 0);
	store_plan_end(&plan, 0, 10 * S + 700 * MS);
	assert_int_equal(store_plan_due(&plan), 11 * S + 100 * MS);
}

static void failures_are_tried_again_ever_later_up_to_a_minute(void **unused)
{
	/* 1 s, doubled by each failure, 60 s at most */
	static const uint64_t waits[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct store_plan plan = { 0 };
	uint64_t now = 10 * S;
	size_t i;

	(void)unused;
	store_plan_change(&plan, now);
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		store_plan_begin(&plan, now);
		store_plan_end(&plan, -ENOSPC, now);
		assert_int_equal(store_plan_due(&plan), now + waits[i] * S);
		/* further changes make it no sooner */
		store_plan_change(&plan, now + 1);
		assert_int_equal(store_plan_due(&plan), now + waits[i] * S);
		now += waits[i] * S;
	}
	store_plan_begin(&plan, now);
	store_plan_end(&plan, 0, now);
	assert_int_equal(store_plan_due(&plan), 0);
	store_plan_change(&plan, now);
	assert_int_equal(store_plan_due(&plan), now + 500 * MS);
}

static void at_the_end_nothing_is_waited_for(void **unused)
{
	struct store_plan plan = { 0 };

	(void)unused;
	store_plan_change(&plan, 10 * S);
	store_plan_begin(&plan, 10 * S);
	store_plan_end(&plan, -ENOSPC, 10 * S);
	store_plan_hurry(&plan);
	assert_true(store_plan_due(&plan) <= 10 * S);
	assert_true(store_plan_due(&plan) > 0);
}

/* ---- the file ---- */

struct folder {
	char path[64];
	char file[320];
	struct saved *saved, *loaded;
};

static int make_folder(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	strcpy(folder->path, "/tmp/test_store.XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	snprintf(folder->file, sizeof(folder->file), "%s/state.json", folder->path);
	folder->saved = calloc(1, sizeof(*folder->saved));
	folder->loaded = calloc(1, sizeof(*folder->loaded));
	folder->saved->zone_count = 1;
	strcpy(folder->saved->zone[0].id, "A");
	folder->saved->zone[0].state.color.mode = ZONE_COLOR_RGB;
	*state = folder;
	return 0;
}

/* Names of the files there that begin with @prefix; the last one's into @ret_name. */
static int count_files(const struct folder *folder, const char *prefix, char ret_name[256])
{
	DIR *dir = opendir(folder->path);
	struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		count++;
		if (ret_name)
			strcpy(ret_name, entry->d_name);
	}
	closedir(dir);
	return count;
}

static int remove_folder(void **state)
{
	struct folder *folder = *state;
	char name[256], path[512];

	while (count_files(folder, "", name)) {
		snprintf(path, sizeof(path), "%s/%s", folder->path, name);
		if (unlink(path) < 0)
			rmdir(path);
	}
	rmdir(folder->path);
	free(folder->saved);
	free(folder->loaded);
	free(folder);
	return 0;
}

static void write_file(const struct folder *folder, const char *text, size_t length)
{
	FILE *file = fopen(folder->file, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
}

static void a_saved_file_is_loaded_and_nothing_else_is_left(void **state)
{
	struct folder *folder = *state;

	folder->saved->zone[0].state.brightness = 42;
	assert_int_equal(store_file_save(folder->file, folder->saved), 0);
	folder->saved->zone[0].state.brightness = 43;
	assert_int_equal(store_file_save(folder->file, folder->saved), 0);
	assert_int_equal(store_file_load(folder->file, folder->loaded), 0);
	assert_int_equal(folder->loaded->zone[0].state.brightness, 43);
	assert_int_equal(count_files(folder, "", NULL), 1);
}

static void no_file_is_no_damage(void **state)
{
	struct folder *folder = *state;

	assert_int_equal(store_file_load(folder->file, folder->loaded), -ENOENT);
	assert_int_equal(count_files(folder, "", NULL), 0);
}

static void a_file_cut_off_at_any_byte_is_put_aside_each_under_its_own_name(void **state)
{
	struct folder *folder = *state;
	size_t length, cut;
	char *text, name[256], path[512];

	assert_int_equal(saved_write(folder->saved, &text, &length), 0);
	for (cut = 0; cut < length; cut++) {
		write_file(folder, text, cut);
		assert_int_equal(store_file_load(folder->file, folder->loaded), -EINVAL);
		assert_int_equal(count_files(folder, "", name), 1);
		assert_int_equal(strncmp(name, "state.json.damaged-", 19), 0);
		snprintf(path, sizeof(path), "%s/%s", folder->path, name);
		assert_int_equal(unlink(path), 0);
	}
	free(text);
	for (cut = 0; cut < 3; cut++) {
		write_file(folder, "{", 1);
		assert_int_equal(store_file_load(folder->file, folder->loaded), -EINVAL);
	}
	assert_int_equal(count_files(folder, "state.json.damaged-", NULL), 3);
}

static void a_file_that_is_far_too_long_is_damaged(void **state)
{
	struct folder *folder = *state;

	write_file(folder, "{}", 2);
	assert_int_equal(truncate(folder->file, SAVED_TEXT_MAX + 1L), 0);
	assert_int_equal(store_file_load(folder->file, folder->loaded), -EINVAL);
	assert_int_equal(count_files(folder, "state.json.damaged-", NULL), 1);
}

static void what_is_no_file_is_neither_read_nor_moved(void **state)
{
	struct folder *folder = *state;

	assert_int_equal(mkdir(folder->file, 0700), 0);
	assert_int_equal(store_file_load(folder->file, folder->loaded), -ENOTSUP);
	assert_int_equal(count_files(folder, "", NULL), 1);
	/* rename(2) onto a folder: EISDIR */
	assert_int_equal(store_file_save(folder->file, folder->saved), -EISDIR);
	assert_int_equal(count_files(folder, "", NULL), 1);
}

static void nobody_is_waited_for_to_learn_that_it_is_no_file(void **state)
{
	struct folder *folder = *state;

	/* open(2) of a FIFO that nobody writes to would wait for ever */
	assert_int_equal(mkfifo(folder->file, 0600), 0);
	assert_int_equal(store_file_load(folder->file, folder->loaded), -ENOTSUP);
	assert_int_equal(count_files(folder, "", NULL), 1);
}

static void a_file_that_cannot_be_read_stays_where_it_is(void **state)
{
	struct folder *folder = *state;
	char name[256];

	/* open(2): ELOOP; which stands for EACCES and EIO, as root may read whatever it likes */
	assert_int_equal(symlink("state.json", folder->file), 0);
	assert_int_equal(store_file_load(folder->file, folder->loaded), -ELOOP);
	assert_int_equal(count_files(folder, "", name), 1);
	assert_string_equal(name, "state.json");
}

static void *no_memory(size_t bytes)
{
	(void)bytes;
	return NULL;
}

static void a_file_that_there_is_no_memory_for_is_not_damaged(void **state)
{
	struct folder *folder = *state;
	int loaded;

	assert_int_equal(store_file_save(folder->file, folder->saved), 0);
	json_set_alloc_funcs(no_memory, free);
	loaded = store_file_load(folder->file, folder->loaded);
	json_set_alloc_funcs(malloc, free);
	assert_int_equal(loaded, -ENOMEM);
	assert_int_equal(store_file_load(folder->file, folder->loaded), 0);
	assert_int_equal(count_files(folder, "", NULL), 1);
}

static void a_damaged_file_that_cannot_be_put_aside_is_told_apart(void **state)
{
	struct folder *folder = *state;
	char name[256];

	/* 250 letters, and NAME_MAX is 255: no room for ".damaged-" */
	snprintf(folder->file, sizeof(folder->file), "%s/%0*d", folder->path, 250, 1);
	write_file(folder, "{", 1);
	assert_int_equal(store_file_load(folder->file, folder->loaded), -ENAMETOOLONG);
	assert_int_equal(count_files(folder, "", name), 1);
	assert_int_equal(strlen(name), 250);
}

static void an_attempt_that_fails_leaves_the_old_file(void **state)
{
	struct folder *folder = *state;
	char blocked[400];

	assert_int_equal(store_file_save(folder->file, folder->saved), 0);
	/* a folder where the temporary file should be: open(2) says EISDIR, as to anybody */
	snprintf(blocked, sizeof(blocked), "%s.new", folder->file);
	assert_int_equal(mkdir(blocked, 0700), 0);
	folder->saved->zone[0].state.brightness = 9;
	assert_int_equal(store_file_save(folder->file, folder->saved), -EISDIR);
	assert_int_equal(store_file_load(folder->file, folder->loaded), 0);
	assert_int_equal(folder->loaded->zone[0].state.brightness, 0);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	struct folder *folder = *state;

	assert_int_equal(store_file_save("/nonexistent/state.json", folder->saved), -ENOENT);
}

/* ---- the store ---- */

/* What the worker's side of a test does; one at a time, so plain variables will do. */
static int save_result;
static unsigned int saves;
static uint8_t saved_brightness;
static int gate[2];

static int save_fake(const char *path, const struct saved *saved)
{
	(void)path;
	saves++;
	saved_brightness = saved->zone[0].state.brightness;
	return save_result;
}

/* Takes until the test writes into the gate. */
static int save_slowly(const char *path, const struct saved *saved)
{
	char byte;

	assert_int_equal(read(gate[0], &byte, 1), 1);
	return save_fake(path, saved);
}

struct keeper {
	struct loop *loop;
	struct worker *worker;
	struct store *store;
	struct loop_source *timer;
	uint8_t brightness;
	int error;
	unsigned int errors_told;
	unsigned int flushed;
	int flush_result;
};

static void fill(struct saved *saved, void *data)
{
	struct keeper *keeper = data;

	saved->zone_count = 1;
	saved->zone[0].state.brightness = keeper->brightness;
}

static void on_error(int error, void *data)
{
	struct keeper *keeper = data;

	keeper->error = error;
	keeper->errors_told++;
	loop_exit(keeper->loop, 0);
}

static void on_flushed(int result, void *data)
{
	struct keeper *keeper = data;

	keeper->flushed++;
	keeper->flush_result = result;
	loop_exit(keeper->loop, 0);
}

static int keep(struct keeper *keeper, int (*save)(const char *path, const struct saved *saved))
{
	struct store_config config = {
		.path = "/x", .fill = fill, .on_error = on_error, .save = save, .data = keeper
	};

	memset(keeper, 0, sizeof(*keeper));
	saves = 0;
	save_result = 0;
	assert_int_equal(loop_create(&keeper->loop, "test"), 0);
	assert_int_equal(worker_create(&keeper->worker, keeper->loop, "test"), 0);
	config.loop = keeper->loop;
	config.worker = keeper->worker;
	return store_create(&keeper->store, &config);
}

static void let_go(struct keeper *keeper)
{
	worker_destroy(keeper->worker, 10 * S);
	store_destroy(keeper->store);
	loop_destroy(keeper->loop);
}

static void a_burst_of_changes_is_saved_once_with_the_last_of_them(void **unused)
{
	struct keeper keeper;

	(void)unused;
	assert_int_equal(keep(&keeper, save_fake), 0);
	for (keeper.brightness = 1; keeper.brightness < 50; keeper.brightness++)
		store_changed(keeper.store);
	store_flush(keeper.store, on_flushed, &keeper);
	assert_int_equal(keeper.flushed, 0);
	assert_int_equal(loop_run(keeper.loop), 0);
	assert_int_equal(keeper.flushed, 1);
	assert_int_equal(keeper.flush_result, 0);
	assert_int_equal(saves, 1);
	assert_int_equal(saved_brightness, 50);
	let_go(&keeper);
}

static void a_flush_with_nothing_unsaved_is_done_at_once(void **unused)
{
	struct keeper keeper;

	(void)unused;
	assert_int_equal(keep(&keeper, save_fake), 0);
	store_flush(keeper.store, on_flushed, &keeper);
	assert_int_equal(keeper.flushed, 1);
	assert_int_equal(saves, 0);
	let_go(&keeper);
}

static void a_failure_is_told_once_and_its_end_once(void **unused)
{
	struct keeper keeper;
	unsigned int i;

	(void)unused;
	assert_int_equal(keep(&keeper, save_fake), 0);
	save_result = -ENOSPC;
	store_changed(keeper.store);
	for (i = 1; i <= 3; i++) {
		store_flush(keeper.store, on_flushed, &keeper);
		while (keeper.flushed < i)
			assert_int_equal(loop_run(keeper.loop), 0);
		assert_int_equal(keeper.flush_result, -ENOSPC);
		assert_int_equal(saves, i);
	}
	assert_int_equal(keeper.errors_told, 1);
	assert_int_equal(keeper.error, -ENOSPC);
	/* by itself, without a change, when there is room again */
	save_result = 0;
	assert_int_equal(loop_run(keeper.loop), 0);
	assert_int_equal(keeper.errors_told, 2);
	assert_int_equal(keeper.error, 0);
	assert_int_equal(saves, 4);
	let_go(&keeper);
}

static void a_change_while_a_slow_disk_saves_is_saved_after_it(void **unused)
{
	struct keeper keeper;

	(void)unused;
	assert_int_equal(pipe(gate), 0);
	assert_int_equal(keep(&keeper, save_slowly), 0);
	keeper.brightness = 1;
	store_changed(keeper.store);
	store_flush(keeper.store, on_flushed, &keeper);
	keeper.brightness = 2;
	store_changed(keeper.store);
	store_flush(keeper.store, on_flushed, &keeper);
	assert_int_equal(keeper.flushed, 0);
	assert_int_equal(write(gate[1], "12", 2), 2);
	assert_int_equal(loop_run(keeper.loop), 0);
	assert_int_equal(keeper.flushed, 1);
	assert_int_equal(saves, 2);
	assert_int_equal(saved_brightness, 2);
	let_go(&keeper);
	close(gate[0]);
	close(gate[1]);
}

static void a_disk_that_hangs_is_told_and_so_is_its_waking_up(void **unused)
{
	struct keeper keeper;

	(void)unused;
	assert_int_equal(pipe(gate), 0);
	assert_int_equal(keep(&keeper, save_slowly), 0);
	store_changed(keeper.store);
	assert_int_equal(loop_run(keeper.loop), 0);
	assert_int_equal(keeper.error, -ETIMEDOUT);
	assert_int_equal(write(gate[1], "1", 1), 1);
	assert_int_equal(loop_run(keeper.loop), 0);
	assert_int_equal(keeper.error, 0);
	assert_int_equal(keeper.errors_told, 2);
	let_go(&keeper);
	close(gate[0]);
	close(gate[1]);
}

static void a_path_that_is_too_long_is_refused(void **unused)
{
	char path[STORE_PATH_MAX + 1];
	struct store_config config = { .path = path, .fill = fill };
	struct store *store = NULL;

	(void)unused;
	memset(path, 'x', STORE_PATH_MAX);
	path[STORE_PATH_MAX] = '\0';
	assert_int_equal(store_create(&store, &config), -ENAMETOOLONG);
	assert_null(store);
}

#define FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_changed_is_never_saved),
		cmocka_unit_test(one_change_is_saved_half_a_second_later),
		cmocka_unit_test(
			a_stream_of_changes_is_saved_one_and_a_half_seconds_after_its_first),
		cmocka_unit_test(a_change_while_saving_waits_for_its_end_and_has_times_of_its_own),
		cmocka_unit_test(failures_are_tried_again_ever_later_up_to_a_minute),
		cmocka_unit_test(at_the_end_nothing_is_waited_for),
		FOLDER(a_saved_file_is_loaded_and_nothing_else_is_left),
		FOLDER(no_file_is_no_damage),
		FOLDER(a_file_cut_off_at_any_byte_is_put_aside_each_under_its_own_name),
		FOLDER(a_file_that_is_far_too_long_is_damaged),
		FOLDER(what_is_no_file_is_neither_read_nor_moved),
		FOLDER(nobody_is_waited_for_to_learn_that_it_is_no_file),
		FOLDER(a_file_that_cannot_be_read_stays_where_it_is),
		FOLDER(a_file_that_there_is_no_memory_for_is_not_damaged),
		FOLDER(a_damaged_file_that_cannot_be_put_aside_is_told_apart),
		FOLDER(an_attempt_that_fails_leaves_the_old_file),
		FOLDER(a_folder_that_is_not_there_is_an_error),
		cmocka_unit_test(a_burst_of_changes_is_saved_once_with_the_last_of_them),
		cmocka_unit_test(a_flush_with_nothing_unsaved_is_done_at_once),
		cmocka_unit_test(a_failure_is_told_once_and_its_end_once),
		cmocka_unit_test(a_change_while_a_slow_disk_saves_is_saved_after_it),
		cmocka_unit_test(a_disk_that_hangs_is_told_and_so_is_its_waking_up),
		cmocka_unit_test(a_path_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
