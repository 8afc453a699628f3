/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rig.h - what the selftests have in common: a simulated controller of known
 * wiring, its attributes, and what it sent, decoded
 *
 * Every test loads the module anew, so that frame numbers begin at 1 and the
 * history holds nothing but the test's own. What goes wrong in the rig itself
 * ends the test with a message.
 *
 * The decoder here knows what the datasheets say and the wiring given to
 * rig_load(), nothing of the module's tables.
 */

#ifndef RIG_H
#define RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/diuna.h>

/*
 * The longest the rig waits for something that has to happen, and the longest that
 * a test takes: only what fails gets there, in a kernel that checks every access,
 * on a busy host
 */
#define RIG_PATIENCE_S		120
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	300

#define RIG_CHANNELS	3

/**
 * struct rig_strip - a strip as the test wants it wired
 * @pixels: number of pixels
 * @order: colour order on the wire, three or four letters
 * @chip: name of the timing profile
 */
struct rig_strip {
	unsigned int pixels;
	const char *order;
	const char *chip;
};

/**
 * struct rig_frame - a transfer as the controller sent it
 * @seq: number of the frame, 0 for the driver's own
 * @started: when it was handed to the simulated hardware, in ns
 * @done: when its last symbol was out, 0 if it is not yet
 * @words: words per channel
 * @bytes: size of @data
 * @data: the pixels in logical order, channel after channel
 */
struct rig_frame {
	uint64_t seq;
	int64_t started;
	int64_t done;
	unsigned int words;
	unsigned int bytes;
	uint8_t *data;
};

/**
 * struct rig_history - the transfers that the controller remembers
 * @count: how many, the oldest first
 * @lost: how many it has forgotten
 * @symbol_ps: time of one symbol in ps
 * @frames: the transfers
 */
struct rig_history {
	unsigned int count;
	unsigned int lost;
	unsigned int symbol_ps;
	struct rig_frame *frames;
};

/*
 * The usual wiring: 3 pixels GRB and 2 pixels BRG, two chips whose symbols
 * differ. 3 x 3 + 2 x 3 bytes make a frame.
 */
#define RIG_FRAME	15
extern const struct rig_strip rig_usual[2];

/**
 * rig_load() - load the module with @count strips on each of @devices controllers
 *
 * @more is put at the end of the module's parameters, may be NULL. A module that
 * is still there is unloaded before.
 */
void rig_load(const struct rig_strip *strips, unsigned int count, unsigned int devices,
	      const char *more);

/** rig_load_usual() - one controller with the usual wiring */
void rig_load_usual(void);

/** rig_load_long() - one strip of 16384 pixels: 49152 bytes, half a second a frame */
void rig_load_long(void);
#define RIG_LONG_FRAME	49152

/** rig_try_load() - as insmod does; 0 or a negated errno */
int rig_try_load(const char *parameters);

/** rig_unload() - close all files and unload the module */
void rig_unload(void);

/** rig_unbind() - take the controller @name from its driver, as a user could by sysfs */
void rig_unbind(const char *name);

/** rig_open() - open /dev/diuna; fails the test if that does not work */
int rig_open(int flags);

/** rig_fill() - make a frame of one byte value */
void rig_fill(uint8_t *frame, size_t size, uint8_t value);

/** rig_pattern() - make a frame whose bytes all differ, and from those of other numbers */
void rig_pattern(uint8_t *frame, size_t size, unsigned int number);

/** rig_get() - read an attribute of /sys/class/diuna/diuna as text, no newline at the end */
const char *rig_get(const char *attribute);

/** rig_get_number() - read an attribute that is a decimal number */
long long rig_get_number(const char *attribute);

/** rig_set() - write an attribute; 0 or a negated errno */
int rig_set(const char *attribute, const char *value);

/** rig_history() - what /dev/diuna sent until now; decoded, and checked on the way */
const struct rig_history *rig_history(void);

/** rig_history_of() - the same for any history file below debugfs' diuna directory */
const struct rig_history *rig_history_of(const char *path);

/** rig_wait_frames() - wait until @count frames of writers have ended */
void rig_wait_frames(unsigned int count);

/** rig_frame() - the @number-th frame of writers that has ended, from 1; NULL if none */
const struct rig_frame *rig_frame(unsigned int number);

/** rig_shown() - were the @number-th frame's pixels @data? Says what differs. */
bool rig_shown(unsigned int number, const uint8_t *data, size_t size);

/** rig_last() - the transfer that ended last, whoever's it was; NULL if none */
const struct rig_frame *rig_last(void);

/** rig_wait_last() - wait until what was sent last is @data; false if that never comes */
bool rig_wait_last(const uint8_t *data, size_t size);

/** rig_fault() - make transfers go wrong: such as "hang" or "fail 3" */
void rig_fault(const char *fault);

/** rig_submit() - SUBMIT of a part of a frame, the rest of the structure zero */
int rig_submit(int fd, const void *pixels, uint32_t offset, uint32_t length, uint64_t cookie,
	       uint64_t present_ns);

/** rig_mailbox() - put a file into MAILBOX mode */
void rig_mailbox(int fd);

/**
 * rig_hold() - hold back all frames but one that ends before this returns
 *
 * That one is all black, the first of the test. From then on the queue has room
 * for one frame, which is not started before rig_release(): the frame interval
 * is used for it.
 */
void rig_hold(void);

/** rig_release() - let frames go again */
void rig_release(void);

/**
 * rig_held_back() - did this frame start as late as rig_hold() makes it?
 *
 * One that did not have to may be as late if the machine stood still for so long,
 * though not several times in a row.
 */
bool rig_held_back(const struct diuna_completion *r);

/** rig_read() - read one completion record, waiting for it */
struct diuna_completion rig_read(int fd);

/** rig_log() - the kernel's log from now on, for rig_logged() */
int rig_log(void);

/** rig_logged() - how many lines since the last call of it have @text in them */
int rig_logged(int log, const char *text);

/** rig_now() - CLOCK_MONOTONIC in ns */
int64_t rig_now(void);

/**
 * rig_spawn() - run a function in a child that has the same open files
 *
 * Its return value, 0 to 255, is the exit code.
 */
pid_t rig_spawn(int (*function)(void *arg), void *arg);

/** rig_join() - wait for a child's end; its exit code, or 256 + signal */
int rig_join(pid_t pid);

/** rig_wait_blocked() - wait until a child sleeps in this system call (SYS_...) */
void rig_wait_blocked(pid_t pid, long call);

#endif /* RIG_H */
