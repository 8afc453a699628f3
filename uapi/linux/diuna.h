/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * diuna.h - the user space interface of /dev/diuna: frames for WS281x strips
 *
 * One character device per controller: /dev/diuna, then /dev/diuna1, and so
 * on. A frame is the pixels of all channels of the controller one after the
 * other, channel 0 of the structures below first; a pixel is 3 bytes (R, G, B)
 * or 4 bytes (R, G, B, W) by channel. The order of the bytes is always this
 * logical one: the driver maps it to the colour order of the wire.
 *
 * write(2) takes a stream of frames, read(2) gives struct diuna_completion
 * records, poll(2) tells when either can go on. The structures have the same
 * size and layout for 32-bit and 64-bit programs. Reserved members must be
 * zero when passed in and are zero when given back.
 *
 * The ioctls fail with:
 *
 * * EBADF - the ioctl changes something and the file is not open for writing
 * * EFAULT - a pointer is bad; nothing was changed
 * * EINVAL - a value is out of range, a reserved member is not zero or a flag
 *   is unknown; nothing was changed
 * * ENODEV - the device is gone
 * * ENOTTY - the ioctl is unknown
 * * EOPNOTSUPP - the device or this version of the driver cannot do it
 */

#ifndef _UAPI_LINUX_DIUNA_H
#define _UAPI_LINUX_DIUNA_H

#include <linux/const.h>
#include <linux/ioctl.h>
#include <linux/types.h>

/** DIUNA_ABI_VERSION - value of diuna_info.abi_version for this header */
#define DIUNA_ABI_VERSION	1

/** DIUNA_MAX_CHANNELS - the most channels that a controller has */
#define DIUNA_MAX_CHANNELS	8

/** DIUNA_MAX_COMPONENTS - the most colour components that a pixel has */
#define DIUNA_MAX_COMPONENTS	4

/** DIUNA_MAX_PIXELS - the most pixels of one channel */
#define DIUNA_MAX_PIXELS	16384

/** DIUNA_MAX_BRIGHTNESS - full brightness, no scaling */
#define DIUNA_MAX_BRIGHTNESS	255

/** DIUNA_SCALE_ONE - diuna_completion.scale of a frame sent as it was given */
#define DIUNA_SCALE_ONE		65536

/**
 * DIUNA_PRESENT_AHEAD_MAX_NS - how far in the future diuna_submit.present_ns
 * may lie
 */
#define DIUNA_PRESENT_AHEAD_MAX_NS	1000000000ULL

/** DIUNA_LUT_SIZE - entries of a look-up table: one for each component value */
#define DIUNA_LUT_SIZE		256

/**
 * enum diuna_backend - what makes the signal
 * @DIUNA_BACKEND_SIM: a simulated strip, for tests
 * @DIUNA_BACKEND_PWM: the PWM serialiser of a Raspberry Pi, fed by DMA
 * @DIUNA_BACKEND_SPI: the data line of an SPI controller
 */
enum diuna_backend {
	DIUNA_BACKEND_SIM = 0,
	DIUNA_BACKEND_PWM = 1,
	DIUNA_BACKEND_SPI = 2,
};

/**
 * DOC: Features
 *
 * Bits of diuna_info.features. What has no bit set answers EOPNOTSUPP.
 *
 * * DIUNA_FEATURE_MAILBOX - DIUNA_IOC_SET_MODE takes DIUNA_MODE_MAILBOX
 * * DIUNA_FEATURE_SUBMIT - DIUNA_IOC_SUBMIT
 * * DIUNA_FEATURE_LUT - DIUNA_IOC_SET_LUT
 * * DIUNA_FEATURE_POWER - the power budget is enforced
 * * DIUNA_FEATURE_FSYNC - fsync(2) waits for the frames of the file
 */
#define DIUNA_FEATURE_MAILBOX	_BITULL(0)
#define DIUNA_FEATURE_SUBMIT	_BITULL(1)
#define DIUNA_FEATURE_LUT	_BITULL(2)
#define DIUNA_FEATURE_POWER	_BITULL(3)
#define DIUNA_FEATURE_FSYNC	_BITULL(4)

/**
 * struct diuna_info - what the device is and can do
 * @abi_version: DIUNA_ABI_VERSION of the driver
 * @backend: one of enum diuna_backend
 * @channels: number of channels, 1 to DIUNA_MAX_CHANNELS
 * @frame_bytes: size of a frame: the sum over the channels of pixels times
 *	components
 * @features: DIUNA_FEATURE_* bits
 * @data_ns: time that the longest channel's pixels take on the wire, in ns
 * @reset_ns: time of low level after the pixels that makes them show, in ns;
 *	the larger of what the chips and the hardware need
 * @frame_ns: shortest time from the latch of one frame to the latch of the
 *	next, in ns
 * @present_ahead_max_ns: DIUNA_PRESENT_AHEAD_MAX_NS of the driver
 * @done_accuracy_ns: how far diuna_completion.done_ns may lie from the latch
 *	on the wire by what the driver knows, in ns, interrupt latency not
 *	counted
 * @completion_records: records that wait for read(2) before old ones are lost
 * @timeout_ns: a frame that did not end after this time is given up with
 *	-ETIMEDOUT
 * @name: name of the device, as in /dev
 * @reserved: zero
 */
struct diuna_info {
	__u32 abi_version;
	__u32 backend;
	__u32 channels;
	__u32 frame_bytes;
	__aligned_u64 features;
	__aligned_u64 data_ns;
	__aligned_u64 reset_ns;
	__aligned_u64 frame_ns;
	__aligned_u64 present_ahead_max_ns;
	__aligned_u64 timeout_ns;
	__u32 done_accuracy_ns;
	__u32 completion_records;
	char name[32];
	__aligned_u64 reserved[8];
};

/**
 * DOC: Channel flags
 *
 * Bits of diuna_channel.flags.
 *
 * * DIUNA_CHANNEL_INVERTED - the signal is inverted, its idle level is high
 */
#define DIUNA_CHANNEL_INVERTED	_BITUL(0)

/**
 * struct diuna_channel - one output of the controller: one strip
 * @index: in: channel asked for, from 0; EINVAL if there is no such channel
 * @pixels: number of pixels
 * @components: bytes of a pixel in a frame: 3 (R, G, B) or 4 (R, G, B, W)
 * @offset: where the channel's pixels begin in a frame, in bytes
 * @flags: DIUNA_CHANNEL_* bits
 * @bit_ns: time of one bit on the wire, in ns
 * @reset_ns: reset time that the chips of this channel need, in ns
 * @symbol_0: the four symbols of a 0 bit, the first in bit 3
 * @symbol_1: the four symbols of a 1 bit, the first in bit 3
 * @order: colour order on the wire, such as "GRB" or "GRBW", zero-terminated
 * @chip: name of the timing profile, such as "ws2812b", zero-terminated
 * @label: name given to the strip, may be empty, zero-terminated
 * @reserved: zero, also on the way in
 */
struct diuna_channel {
	__u32 index;
	__u32 pixels;
	__u32 components;
	__u32 offset;
	__u32 flags;
	__u32 bit_ns;
	__u32 reset_ns;
	__u16 symbol_0;
	__u16 symbol_1;
	char order[8];
	char chip[24];
	char label[32];
	__aligned_u64 reserved[4];
};

/**
 * struct diuna_brightness - brightness of the whole device
 * @brightness: 0 (dark) to DIUNA_MAX_BRIGHTNESS; a component value v is sent
 *	as the rounded lut[v] * brightness / 255
 * @reserved: must be zero
 */
struct diuna_brightness {
	__u32 brightness;
	__u32 reserved[3];
};

/** DIUNA_ALL_CHANNELS - diuna_lut.channel for every channel at once */
#define DIUNA_ALL_CHANNELS	0xffffffffU

/**
 * struct diuna_lut - look-up tables of one channel, identity by default
 * @channel: index of the channel, or DIUNA_ALL_CHANNELS
 * @reserved: must be zero
 * @table: for R, G, B and W in this order the value to use for each value of
 *	the frame; W is ignored by a channel of three components
 */
struct diuna_lut {
	__u32 channel;
	__u32 reserved[3];
	__u8 table[DIUNA_MAX_COMPONENTS][DIUNA_LUT_SIZE];
};

/**
 * enum diuna_queue_mode - what happens to a frame that waits
 * @DIUNA_MODE_FIFO: a frame is sent after the ones before it, and none is
 *	lost; the default of every open file
 * @DIUNA_MODE_MAILBOX: a newer frame of a MAILBOX file takes the place of a
 *	waiting one of a MAILBOX file, which completes with -ECANCELED
 */
enum diuna_queue_mode {
	DIUNA_MODE_FIFO = 0,
	DIUNA_MODE_MAILBOX = 1,
};

/**
 * struct diuna_mode - queue mode of this open file
 * @mode: one of enum diuna_queue_mode
 * @reserved: must be zero
 */
struct diuna_mode {
	__u32 mode;
	__u32 reserved[3];
};

/**
 * struct diuna_submit - one frame or a part of one
 * @pixels: user space address of the pixels
 * @offset: where in the frame they begin, in bytes, at the start of a pixel
 * @length: how many bytes, whole pixels, at least one; pixels outside keep
 *	the colour of the frame submitted last
 * @cookie: given back in the completion record
 * @present_ns: CLOCK_MONOTONIC instant of the latch (data end and reset), or 0
 *	for as soon as possible; more than DIUNA_PRESENT_AHEAD_MAX_NS ahead is
 *	EINVAL, past or too near is sent at once and flagged
 *	DIUNA_COMPLETION_LATE
 * @flags: must be zero
 * @reserved: must be zero
 *
 * EAGAIN if the file is O_NONBLOCK and there is no room, EINTR or restart if
 * a signal ends the wait.
 */
struct diuna_submit {
	__aligned_u64 pixels;
	__u32 offset;
	__u32 length;
	__aligned_u64 cookie;
	__aligned_u64 present_ns;
	__u32 flags;
	__u32 reserved[5];
};

/**
 * DOC: Completion flags
 *
 * Bits of diuna_completion.flags.
 *
 * * DIUNA_COMPLETION_LATE - present_ns could not be met
 * * DIUNA_COMPLETION_POWER - the power budget scaled the frame
 */
#define DIUNA_COMPLETION_LATE	_BITUL(0)
#define DIUNA_COMPLETION_POWER	_BITUL(1)

/**
 * struct diuna_completion - how a frame of this file ended, by read(2)
 * @seq: the device's number of the frame, from 1; gaps show frames of other
 *	writers
 * @cookie: diuna_submit.cookie, 0 for frames of write(2)
 * @queued_ns: when the frame was queued
 * @started_ns: when it was handed to the controller, 0 if it never was
 * @done_ns: when it was on the wire, reset included; for a frame that failed
 *	when that was found
 * @status: 0, or a negated errno: ETIMEDOUT (did not end in time), EIO (the
 *	hardware reported an error), ECANCELED (replaced), ENODEV (device gone)
 * @flags: DIUNA_COMPLETION_* bits
 * @scale: what the power budget multiplied the frame with, in 1/65536;
 *	DIUNA_SCALE_ONE if nothing
 * @lost: records lost before this one because they were not read in time
 * @reserved: zero
 *
 * All times are CLOCK_MONOTONIC in ns.
 */
struct diuna_completion {
	__aligned_u64 seq;
	__aligned_u64 cookie;
	__aligned_u64 queued_ns;
	__aligned_u64 started_ns;
	__aligned_u64 done_ns;
	__s32 status;
	__u32 flags;
	__u32 scale;
	__u32 lost;
	__aligned_u64 reserved;
};

#define DIUNA_IOC_MAGIC	0xd1

/** DIUNA_IOC_GET_INFO - what the device is and can do */
#define DIUNA_IOC_GET_INFO	_IOR(DIUNA_IOC_MAGIC, 0x00, struct diuna_info)

/** DIUNA_IOC_GET_CHANNEL - describe the channel diuna_channel.index */
#define DIUNA_IOC_GET_CHANNEL	_IOWR(DIUNA_IOC_MAGIC, 0x01, struct diuna_channel)

/** DIUNA_IOC_SET_BRIGHTNESS - set the device's brightness */
#define DIUNA_IOC_SET_BRIGHTNESS _IOW(DIUNA_IOC_MAGIC, 0x02, struct diuna_brightness)

/** DIUNA_IOC_SET_LUT - set the look-up tables of a channel or of all */
#define DIUNA_IOC_SET_LUT	_IOW(DIUNA_IOC_MAGIC, 0x03, struct diuna_lut)

/** DIUNA_IOC_SET_MODE - set the queue mode of this open file */
#define DIUNA_IOC_SET_MODE	_IOW(DIUNA_IOC_MAGIC, 0x04, struct diuna_mode)

/** DIUNA_IOC_SUBMIT - queue a frame with cookie and time */
#define DIUNA_IOC_SUBMIT	_IOW(DIUNA_IOC_MAGIC, 0x05, struct diuna_submit)

#endif /* _UAPI_LINUX_DIUNA_H */
