// SPDX-License-Identifier: GPL-2.0-or-later
#include "output/device_find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/diuna.h>

#include "base/cleanup.h"
#include "base/str.h"

int device_identify(int fd, struct device_identity *ret_identity)
{
	struct device_identity identity = { .name = "" };
	struct output_geometry *geometry = &identity.geometry;
	struct diuna_info info = { 0 };

	if (ioctl(fd, DIUNA_IOC_GET_INFO, &info) < 0)
		return -errno;
	if (info.abi_version != DIUNA_ABI_VERSION)
		return -EPROTONOSUPPORT;
	if (info.channels < 1 || info.channels > OUTPUT_MAX_CHANNELS)
		return -E2BIG;
	geometry->channels = info.channels;
	for (uint32_t i = 0; i < info.channels; i++) {
		struct diuna_channel channel = { .index = i };

		if (ioctl(fd, DIUNA_IOC_GET_CHANNEL, &channel) < 0)
			return -errno;
		channel.label[sizeof(channel.label) - 1] = '\0';
		geometry->channel[i].pixels = channel.pixels;
		geometry->channel[i].components = channel.components;
		str_copy(geometry->channel[i].label, sizeof(geometry->channel[i].label),
			 channel.label);
		str_clean(geometry->channel[i].label);
	}
	if (output_layout(geometry) < 0 || geometry->frame_bytes != info.frame_bytes)
		return -EPROTO;
	info.name[sizeof(info.name) - 1] = '\0';
	str_copy(identity.name, sizeof(identity.name), info.name);
	*ret_identity = identity;
	return 0;
}

int device_identify_path(const char *path, struct device_identity *ret_identity)
{
	_cleanup_close_ int fd = -1;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : device_identify(fd, ret_identity);
}

/* 1 if a strip of the device has the label, else 0 or -errno. */
static int has_label(const char *path, const char *label)
{
	struct device_identity identity;
	int r = device_identify_path(path, &identity);

	if (r < 0)
		return r;
	for (uint32_t i = 0; i < identity.geometry.channels; i++)
		if (strcmp(identity.geometry.channel[i].label, label) == 0)
			return 1;
	return 0;
}

int device_find(const char *nodes, const char *label, struct device_found *ret_found)
{
	unsigned int found = 0;
	int error = -ENODEV;

	ret_found->path[1][0] = '\0';
	for (unsigned int i = 0; i < DEVICE_NODES && found < 2; i++) {
		char *path = ret_found->path[found];
		int r;

		r = i ? snprintf(path, PATH_MAX, "%s%u", nodes, i)
		      : snprintf(path, PATH_MAX, "%s", nodes);
		if (r < 0 || r >= PATH_MAX)
			return -ENAMETOOLONG;
		r = has_label(path, label);
		if (r > 0)
			found++;
		else if (r < 0 && r != -ENOENT)
			error = r;
	}
	if (found < 2)
		ret_found->path[found][0] = '\0';
	if (!found)
		return error;
	return found == 1 ? 0 : -ENOTUNIQ;
}
