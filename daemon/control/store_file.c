// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/heap.h"
#include "base/log.h"

/* Damaged files of the same second that are kept apart. */
#define ASIDE_MAX 16

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

/* The name is only safe on the disk when the directory is. */
static int sync_folder_of(const char *path)
{
	_cleanup_close_ int fd = -1;
	const char *slash = strrchr(path, '/');
	char folder[STORE_PATH_MAX];

	if (!slash)
		snprintf(folder, sizeof(folder), ".");
	else
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash == path ? 1 : slash - path),
			 path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

static int write_new(const char *path, const char *text, size_t length)
{
	_cleanup_close_ int fd = -1;
	int ret;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, text, length);
	if (ret < 0)
		return ret;
	return fsync(fd) < 0 ? -errno : 0;
}

int store_file_write(const char *path, const char *text, size_t length)
{
	char temporary[STORE_PATH_MAX + 8];
	int ret;

	if (strlen(path) >= STORE_PATH_MAX)
		return -ENAMETOOLONG;
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	ret = write_new(temporary, text, length);
	if (ret >= 0 && rename(temporary, path) < 0)
		ret = -errno;
	if (ret < 0) {
		/* On a full disk its blocks are missed elsewhere. */
		unlink(temporary);
		return ret;
	}
	return sync_folder_of(path);
}

int store_file_save(const char *path, const struct saved *saved)
{
	char *text = NULL;
	size_t length;
	int ret;

	ret = saved_write(saved, &text, &length);
	if (ret >= 0)
		ret = store_file_write(path, text, length);
	free(text);
	/* the whole state as JSON is half a megabyte at times, which the worker's heap would keep */
	heap_give_back();
	return ret;
}

/* Not every file system can refuse to replace a file; that of a Pi's boot partition cannot. */
static int rename_new(const char *path, const char *to)
{
	if (renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) >= 0)
		return 0;
	if (errno != EINVAL)
		return -errno;
	if (access(to, F_OK) >= 0)
		return -EEXIST;
	return rename(path, to) < 0 ? -errno : 0;
}

/* Return: -EINVAL, or why it is still where it was. */
static int put_aside(const char *path, const char *why)
{
	char aside[STORE_PATH_MAX + 64];
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;
	int i, ret = 0;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(aside, sizeof(aside), "%s.damaged-%s", path, stamp);
	for (i = 1; i < ASIDE_MAX; i++) {
		ret = rename_new(path, aside);
		if (ret >= 0) {
			log_error(LOG_STATE, 0,
				  "%s is damaged (%s); it is kept as %s, the start values are used",
				  path, why, strrchr(aside, '/') ? strrchr(aside, '/') + 1 : aside);
			return -EINVAL;
		}
		if (ret != -EEXIST)
			break;
		snprintf(aside, sizeof(aside), "%s.damaged-%s-%d", path, stamp, i);
	}
	log_error(LOG_STATE, ret,
		  "%s is damaged (%s) and cannot be put aside; the start values are used, and "
		  "nothing is saved over it",
		  path, why);
	return ret;
}

static int read_all(int fd, char *text, size_t room, size_t *ret_length)
{
	size_t length = 0;
	ssize_t n;

	do {
		n = read(fd, text + length, room - length);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			length += (size_t)n;
	} while (n && length < room);
	*ret_length = length;
	return 0;
}

int store_file_load(const char *path, struct saved *ret_saved)
{
	char error[SAVED_ERROR_MAX] = "it is too long";
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = -1;
	struct stat stat;
	size_t length = 0;
	int ret;

	/* a FIFO is no file, and nobody is to be waited for to learn that */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	ret = fd < 0 || fstat(fd, &stat) < 0 ? -errno : 0;
	if (ret >= 0 && !S_ISREG(stat.st_mode))
		ret = -ENOTSUP;
	if (ret >= 0) {
		text = malloc(SAVED_TEXT_MAX + 1);
		ret = text ? read_all(fd, text, SAVED_TEXT_MAX + 1, &length) : -ENOMEM;
	}
	if (ret >= 0)
		ret = length > SAVED_TEXT_MAX ? -EINVAL
					      : saved_read(text, length, ret_saved, error);
	if (ret == -EINVAL)
		return put_aside(path, error);
	/* what it holds may be as good as ever */
	if (ret < 0)
		log_error(LOG_STATE, ret,
			  "cannot read %s; the start values are used, and nothing is saved over it",
			  path);
	return ret;
}
