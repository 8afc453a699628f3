/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diuna.h - the parts of the driver and what they know of each other
 *
 *	chrdev.c    open files: every copy from and to user space
 *	queue.c     which frame is on the wire, which one waits, who encodes
 *	records.c   how frames ended, for those who read
 *	frame.c     the frame itself: layout, appearance, encoding
 *	core.c      devices: registration, removal, wiring
 *	sysfs.c     attributes; debugfs.c: what a developer wants to see
 *	output_*.c  backends: they get words and say when those are out
 *
 * Locks, the outer one first:
 *
 *	diuna_file.write.mutex, .read.mutex	may sleep
 *	diuna_device.lock			mutex: wiring, open and release
 *	the claim (diuna_queue.busy)		no lock, but held like one by whoever encodes
 *	diuna_device.look_lock			spinlock, process context only
 *	diuna_queue.lock			spinlock, interrupts off
 *	wait queues' locks, locks of the backend
 */

#ifndef DIUNA_H
#define DIUNA_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../uapi/linux/diuna.h"
#include "encode.h"
#include "timing.h"

/* Devices of all backends together */
#define DIUNA_MAX_DEVICES		32
/* Records that wait for read(2), of each file; a power of two */
#define DIUNA_COMPLETION_RECORDS	64
#define DIUNA_MAX_FRAME_INTERVAL_US	10000000
#define DIUNA_MAX_REFRESH_MS		3600000
/* Of a component at full level, and of a whole pixel at rest */
#define DIUNA_MAX_UA			1000000
#define DIUNA_MAX_POWER_LIMIT_MA	1000000
/* What the datasheets' hungriest parts take; a real strip takes less */
#define DIUNA_DEFAULT_COMPONENT_UA	20000
#define DIUNA_DEFAULT_IDLE_UA		1000
/* Added to twice the wire time before a transfer is given up */
#define DIUNA_TIMEOUT_EXTRA_NS		(100 * NSEC_PER_MSEC)
/* From the first look that finds it too late to the one that acts */
#define DIUNA_TIMEOUT_GRACE_NS		(20 * NSEC_PER_MSEC)
/* In flight, next, being encoded */
#define DIUNA_SLOTS			3
/* A frame that waits is not kept back for more changes of the appearance than these */
#define DIUNA_MAX_RENEWALS		16

struct dentry;
struct diuna_device;
struct diuna_file;

/**
 * struct diuna_transfer - words for the wire
 * @words: the words, the first on the wire first, channels interleaved word by
 *	word; zero where nothing is sent
 * @count: number of words of all channels together
 * @seq: number of the frame, 0 for what the driver sends of its own
 * @started_ns: when it was handed to the backend
 * @dd: its device, constant
 * @priv: the backend's own
 *
 * Written by the holder of the claim, then, from start() to
 * diuna_transfer_done(), read by the backend alone.
 */
struct diuna_transfer {
	u32 *words;
	u32 count;
	u64 seq;
	u64 started_ns;
	struct diuna_device *dd;
	void *priv;
};

/**
 * struct diuna_limits - what a backend can do
 * @channels: most channels
 * @lead_words: zero words per channel before the first pixel
 * @drain_words: least number of zero words per channel after the last pixel
 * @done_accuracy_words: how far the latch may lie from diuna_transfer_done(),
 *	in words of one channel
 * @big_endian: words lie in memory highest byte first
 */
struct diuna_limits {
	u32 channels;
	u32 lead_words;
	u32 drain_words;
	u32 done_accuracy_words;
	bool big_endian;
};

/**
 * struct diuna_layout - how a frame lies in memory and on the wire
 * @channels: number of channels
 * @frame_bytes: bytes of a frame
 * @offset: by channel, where its pixels begin in a frame
 * @lead_words: zero words of each channel before the pixels
 * @words: words of each channel, all included
 * @symbol_ps: time of a symbol
 * @symbol_min_ps: the shortest that all strips' chips accept
 * @symbol_max_ps: the longest
 * @margin_ps: how far an edge may be off besides
 * @inverted: bit by channel
 * @data_ns: time of the longest channel's pixels
 * @reset_ns: time of low level from the last pixel to the next frame's first
 * @wire_ns: time of all the words
 * @timeout_ns: a transfer that did not end after this time is given up
 */
struct diuna_layout {
	u32 channels;
	u32 frame_bytes;
	u32 offset[DIUNA_MAX_CHANNELS];
	u32 lead_words;
	u32 words;
	u32 symbol_ps;
	u32 symbol_min_ps;
	u32 symbol_max_ps;
	u32 margin_ps;
	u32 inverted;
	u64 data_ns;
	u64 reset_ns;
	u64 wire_ns;
	u64 timeout_ns;
};

/**
 * struct diuna_output_ops - what a backend does
 * @name: as in sysfs
 * @backend: as in struct diuna_info
 * @limits: what it can do
 * @configure: take over a layout, or refuse it with one line in the log that
 *	says what to change, and keep the one before. Nothing is in flight. May
 *	sleep.
 * @alloc: give @t zeroed memory of @t->count words. May sleep.
 * @free: take it back; also of what @alloc never saw. May sleep.
 * @prepare: the words of @t are final: do what can be done before its turn,
 *	while another transfer may be on the wire. May sleep. Optional.
 * @unprepare: @t was prepared, but its turn will not come. Under the queue's
 *	lock with interrupts off. Optional.
 * @start: put @t on the wire. Under the queue's lock with interrupts off. The
 *	end is told by diuna_transfer_done(), which may well run on another CPU
 *	before this returns, but not on this one's stack. An error here has
 *	@stop called and ends the frame.
 * @stop: end what is on the wire, if anything, and make the hardware ready
 *	for the next transfer, the line idle. When it returns,
 *	diuna_transfer_done() is not and will not be called. May sleep.
 * @debugfs: add files to the device's directory, which users see at once; @configure
 *	was called. Optional.
 *
 * Backends know nothing of files and queues. While @prepare runs, @start,
 * @unprepare and @stop may come for other transfers, and while @stop runs,
 * @unprepare; else they are called one at a time.
 */
struct diuna_output_ops {
	const char *name;
	enum diuna_backend backend;
	struct diuna_limits limits;
	int (*configure)(void *output, const struct diuna_layout *layout);
	int (*alloc)(void *output, struct diuna_transfer *t);
	void (*free)(void *output, struct diuna_transfer *t);
	int (*prepare)(void *output, struct diuna_transfer *t);
	void (*unprepare)(void *output, struct diuna_transfer *t);
	int (*start)(void *output, struct diuna_transfer *t);
	void (*stop)(void *output);
	void (*debugfs)(void *output, struct dentry *dir);
};

/**
 * struct diuna_power - what a strip draws and may draw
 * @idle_ua: of a pixel at level 0
 * @ua: of each logical component at level 255
 * @limit_ma: of the whole strip, 0 for none
 */
struct diuna_power {
	u32 idle_ua;
	u32 ua[DIUNA_COLORS];
	u32 limit_ma;
};

/**
 * struct diuna_wiring - one strip as it is wired
 * @pixels: 1 to DIUNA_MAX_PIXELS
 * @order: colour order
 * @timing: timing profile
 * @inverted: the line idles high
 * @label: name for people
 * @power: to begin with
 */
struct diuna_wiring {
	u32 pixels;
	struct diuna_order order;
	struct diuna_timing timing;
	bool inverted;
	char label[sizeof_field(struct diuna_channel, label)];
	struct diuna_power power;
};

/**
 * struct diuna_strip - one channel
 * @wiring: under diuna_device.lock; changed while nothing is taken nor sent
 * @lut: look-up tables; under look_lock
 * @power: under look_lock
 * @table: what the encoder uses; this and all below belong to the holder of
 *	the claim
 * @scaled: the same with the power scale @scale
 * @scale: DIUNA_SCALE_ONE: @scaled is not valid
 * @idle_ua: of all pixels
 * @limit_ua: U64_MAX for none
 * @sum: of the frame that is being encoded
 */
struct diuna_strip {
	struct diuna_wiring wiring;
	u8 lut[DIUNA_COLORS][DIUNA_LUT_SIZE];
	struct diuna_power power;
	struct diuna_table table;
	struct diuna_table scaled;
	u32 scale;
	u64 idle_ua;
	u64 limit_ua;
	u64 sum;
};

/**
 * struct diuna_look - the appearance of a device, its strips' apart
 * @brightness: 0 to DIUNA_MAX_BRIGHTNESS
 * @limit_ma: what all strips together may draw, 0 for none
 * @blank: frames are black on the wire
 */
struct diuna_look {
	u32 brightness;
	u32 limit_ma;
	bool blank;
};

/**
 * struct diuna_slot - an encoded frame and what is to be known about it
 * @transfer: the words
 * @file: whose frame it is, NULL if the file is gone or it is the driver's own
 * @internal: the driver's own: blank and resent frames
 * @mailbox: may be replaced by a frame of a MAILBOX file
 * @error: why it cannot be started, or 0
 * @flags: DIUNA_COMPLETION_*
 * @scale: of the power budget
 * @cookie: of the submitter
 * @queued_ns: when it was queued
 * @present_ns: when it has to show, or 0
 * @changes: diuna_queue.changes when its encoding began
 * @renewals: how often it was encoded anew
 * @record: index of its record in the ring of @file
 *
 * Under the queue's lock but for the words, which the holder of the claim
 * writes into the slot that is neither in flight nor next.
 */
struct diuna_slot {
	struct diuna_transfer transfer;
	struct diuna_file *file;
	bool internal;
	bool mailbox;
	int error;
	u32 flags;
	u32 scale;
	u64 cookie;
	u64 queued_ns;
	u64 present_ns;
	u32 changes;
	u32 renewals;
	u32 record;
};

/**
 * struct diuna_stats - counters, as in sysfs
 * @frames: frames that ended well
 * @dropped: frames taken but not sent: replaced, or the device went away
 * @partial: started frames thrown away at close
 * @late: frames that could not meet their present time
 * @errors: frames that ended with an error of the hardware
 */
struct diuna_stats {
	u64 frames;
	u64 dropped;
	u64 partial;
	u64 late;
	u64 errors;
};

/**
 * struct diuna_queue - what is on the wire and what comes next
 * @lock: guards all of this but the wait queues
 * @slot: the three encoded frames
 * @flight: the slot on the wire, or NULL
 * @next: the slot that waits for it, or NULL
 * @busy: somebody holds the claim: the right to encode into the free slot
 * @wanted: somebody was refused because of @busy, or a wake-up was held back
 * @hold: nothing is taken nor started but blank frames: suspended, or rewired
 * @gone: the device was removed
 * @overdue: the transfer in flight was found too late once
 * @stopping: the transfer in flight is being given up, its end is ignored
 * @resend: the last frame has to be sent again once the device is idle
 * @clear: the last frame counts as black from now on
 * @changes: of the appearance, so far
 * @interval_ns: from the time of one frame to that of the next
 * @beat_ns: the time of the frame started last: see diuna_queue_beat()
 * @refresh_ns: the last frame is sent again after this time, 0 for never
 * @last_sent_ns: when anything was last started
 * @seq: number of the last frame
 * @stats: counters
 * @files: open files, by diuna_file.node
 * @start_timer: starts a frame that is not due yet
 * @timeout_work: gives up what does not end
 * @resend_work: sends the last frame again
 * @refresh_work: sees to it when nothing else was sent for some time
 * @out_wait: those who wait for room: writers, and poll for EPOLLOUT
 * @state_wait: those of the driver who wait for the claim or the wire
 */
struct diuna_queue {
	spinlock_t lock; /* all of this but the wait queues */
	struct diuna_slot slot[DIUNA_SLOTS];
	struct diuna_slot *flight;
	struct diuna_slot *next;
	bool busy;
	bool wanted;
	bool hold;
	bool gone;
	bool overdue;
	bool stopping;
	bool resend;
	bool clear;
	u32 changes;
	u64 interval_ns;
	u64 beat_ns;
	u64 refresh_ns;
	u64 last_sent_ns;
	u64 seq;
	struct diuna_stats stats;
	struct list_head files;
	struct hrtimer start_timer;
	struct delayed_work timeout_work;
	struct work_struct resend_work;
	struct delayed_work refresh_work;
	wait_queue_head_t out_wait;
	wait_queue_head_t state_wait;
};

/**
 * struct diuna_device - one controller
 * @dev: in class diuna; its release frees all of this
 * @cdev: the character device
 * @ops: backend; not called after diuna_unregister()
 * @output: argument of @ops
 * @minor: number of the device, constant
 * @lock: guards the wiring, @layout, @writers and @blank_on_close
 * @layout: changed under @lock with the claim while no file is open for
 *	writing: stable for who holds any of these
 * @writers: files open for writing
 * @blank_on_close: go black when the last of them is closed
 * @strips: layout.channels of them
 * @last: the frame submitted last, logical bytes; belongs to the holder of the
 *	claim
 * @look_lock: guards the appearance: @look, @look_changed, the LUTs and power
 *	values of the strips
 * @look: what users set
 * @look_changed: @shown and the tables are older than the appearance
 * @black_logged: a limit below the idle current was told
 * @shown: the look that the encoder uses; belongs to the holder of the claim
 * @limited: there is a power limit; as @shown
 * @queue: has its own lock
 * @debugfs: directory, or an error
 * @attrs: what sysfs.c allocates
 */
struct diuna_device {
	struct device dev;
	struct cdev cdev;
	const struct diuna_output_ops *ops;
	void *output;
	unsigned int minor;
	struct mutex lock; /* wiring, layout, writers */
	struct diuna_layout layout;
	unsigned int writers;
	bool blank_on_close;
	struct diuna_strip *strips;
	u8 *last;
	spinlock_t look_lock; /* appearance */
	struct diuna_look look;
	bool look_changed;
	bool black_logged;
	struct diuna_look shown;
	bool limited;
	struct diuna_queue queue;
	struct dentry *debugfs;
	void *attrs;
};

/**
 * struct diuna_gate - a mutex that O_NONBLOCK callers never wait for
 * @mutex: serialises the callers
 * @refused: somebody was turned away and has to be woken
 */
struct diuna_gate {
	struct mutex mutex; /* what the gate stands before */
	atomic_t refused;
};

/**
 * struct diuna_file - one open file description
 * @dd: its device, which it keeps in memory
 * @node: in diuna_queue.files, under the queue's lock
 * @write: serialises the writers; guards @stage to @whole
 * @stage: the frame that write(2) is filling; never complete
 * @submit: what DIUNA_IOC_SUBMIT copies
 * @fill: bytes of it
 * @whole: a whole frame was submitted through this file
 * @mailbox: queue mode
 * @read: serialises the readers
 * @records: ring of completions in the order of submission, done_ns 0 until the
 *	frame has ended; NULL if the file is not open for reading
 * @head: records ever put in; under the queue's lock
 * @tail: records ever taken out or lost; under the queue's lock
 * @lost: records lost since the last one that was read; under the queue's lock
 * @pending: its frames that are queued or on the wire; under the queue's lock
 * @error: the first since the last fsync, or 0; under the queue's lock
 * @in_wait: those who wait for records, and poll for EPOLLIN
 * @done_wait: those who wait for the end of its frames
 */
struct diuna_file {
	struct diuna_device *dd;
	struct list_head node;
	struct diuna_gate write;
	u8 *stage;
	u8 *submit;
	u32 fill;
	bool whole;
	bool mailbox;
	struct diuna_gate read;
	struct diuna_completion *records;
	u32 head;
	u32 tail;
	u32 lost;
	u32 pending;
	int error;
	wait_queue_head_t in_wait;
	wait_queue_head_t done_wait;
};

/**
 * enum diuna_wait - what to do while there is no room for a frame
 * @DIUNA_WAIT_NONE: return -EAGAIN
 * @DIUNA_WAIT_SIGNAL: wait until a signal comes
 * @DIUNA_WAIT_KILL: wait until a fatal signal comes
 * @DIUNA_WAIT_TIMEOUT: wait at most the device's time-out, then -EAGAIN
 */
enum diuna_wait {
	DIUNA_WAIT_NONE,
	DIUNA_WAIT_SIGNAL,
	DIUNA_WAIT_KILL,
	DIUNA_WAIT_TIMEOUT,
};

/**
 * struct diuna_request - a frame to submit
 * @file: who submits it
 * @pixels: bytes laid over the frame submitted last
 * @offset: where they begin
 * @length: how many
 * @cookie: for the completion record
 * @present_ns: when to show it, 0 for as soon as possible
 * @mailbox: it may replace and be replaced
 */
struct diuna_request {
	struct diuna_file *file;
	const u8 *pixels;
	u32 offset;
	u32 length;
	u64 cookie;
	u64 present_ns;
	bool mailbox;
};

/* core.c */
extern struct class diuna_class;

/**
 * diuna_register() - make a controller usable
 * @parent: device it belongs to; its name stands in messages
 * @ops: backend
 * @output: argument of @ops
 * @wiring: the strips
 * @channels: how many
 * @look: appearance to begin with, before anybody can see the device
 *
 * The strips are black when this returns. May sleep.
 *
 * Return: the device, to be given to diuna_unregister(), or an ERR_PTR().
 */
struct diuna_device *diuna_register(struct device *parent, const struct diuna_output_ops *ops,
				    void *output, const struct diuna_wiring *wiring, u32 channels,
				    const struct diuna_look *look);

/**
 * diuna_unregister() - take a controller away
 * @dd: from diuna_register(); not to be used any more
 *
 * Files may be open: their calls fail with ENODEV from now on. What is on the
 * wire ends, the strips go black; when this returns, @ops is not called any
 * more. May sleep.
 */
void diuna_unregister(struct diuna_device *dd);

/**
 * diuna_rewire() - wire a strip otherwise
 * @dd: the device, its lock held
 * @channel: which strip
 * @wiring: how
 *
 * The strips are black afterwards. If the backend refuses they are black for a
 * moment, else an error is not seen on them. May sleep.
 *
 * Return: 0; -EBUSY if a file is open for writing or a frame is queued; -EINVAL
 * if the strips do not go together on one controller; what the backend says.
 */
int diuna_rewire(struct diuna_device *dd, u32 channel, const struct diuna_wiring *wiring);

/**
 * diuna_wiring_parse() - fill in a strip's wiring from names
 * @ret_wiring: filled on success, untouched on failure
 * @pixels: number of pixels
 * @order: colour order, such as "GRB"
 * @chip: name of a timing profile
 *
 * Return: 0, or -EINVAL.
 */
int diuna_wiring_parse(struct diuna_wiring *ret_wiring, u32 pixels, const char *order,
		       const char *chip);

/* queue.c */

/**
 * diuna_transfer_done() - a backend's transfer has ended
 * @t: the transfer
 * @status: 0 or -EIO
 * @done_ns: CLOCK_MONOTONIC instant at which the last word is out
 *
 * Starts the next frame. From any context.
 */
void diuna_transfer_done(struct diuna_transfer *t, int status, u64 done_ns);

/** diuna_queue_init() - prepare the queue of a new device */
void diuna_queue_init(struct diuna_device *dd);

/**
 * diuna_queue_submit() - encode a frame and queue it
 * @dd: the device
 * @r: the frame
 * @wait: what to do while there is no room
 *
 * Return: 0, -EAGAIN, -ERESTARTSYS or -ENODEV; on failure nothing has changed.
 */
int diuna_queue_submit(struct diuna_device *dd, const struct diuna_request *r,
		       enum diuna_wait wait);

/** diuna_queue_room() - would a frame be taken now? Notes who was refused */
bool diuna_queue_room(struct diuna_device *dd, bool mailbox);

/** diuna_queue_gone() - was the device removed? */
bool diuna_queue_gone(struct diuna_device *dd);

/**
 * diuna_queue_look_changed() - show a change of the appearance
 * @dd: the device
 *
 * Whatever is started from now on has the new appearance. The last frame is
 * encoded anew: in its place if it still waits, else it is sent again, now or
 * once idle. Does not wait.
 */
void diuna_queue_look_changed(struct diuna_device *dd);

/**
 * diuna_queue_blank() - make the strips black and wait for it
 * @dd: the device; held by diuna_queue_hold(), or not public yet
 *
 * Return: 0, or how the transfer failed.
 */
int diuna_queue_blank(struct diuna_device *dd);

/**
 * diuna_queue_hold() - take and start no more frames
 * @dd: the device
 * @idle_only: not if there are any
 *
 * Return: 0, or -EBUSY if @idle_only and a frame is queued or on the wire, or
 * the queue is held already.
 */
int diuna_queue_hold(struct diuna_device *dd, bool idle_only);

/** diuna_queue_unhold() - go on, with the last frame if no other waits */
void diuna_queue_unhold(struct diuna_device *dd);

/** diuna_queue_clear() - make the last frame black and send it once idle */
void diuna_queue_clear(struct diuna_device *dd);

/** diuna_queue_cleared() - does diuna_device.last count as black? Needs the claim */
bool diuna_queue_cleared(struct diuna_device *dd);

/**
 * diuna_queue_sync() - wait until the frames of a file have ended
 * @dd: the device
 * @f: the file; those submitted before the call are waited for
 * @wait: DIUNA_WAIT_KILL, or DIUNA_WAIT_NONE to look only
 *
 * Return: 0, the first error since the last call, -ENODEV if the device is
 * gone, or -ERESTARTSYS if the caller is being killed.
 */
int diuna_queue_sync(struct diuna_device *dd, struct diuna_file *f, enum diuna_wait wait);

/** diuna_queue_set_refresh() - send the last frame again every so often, 0: never */
void diuna_queue_set_refresh(struct diuna_device *dd, u64 refresh_ns);

/** diuna_queue_claim_wait() - wait for the claim, for other uses than a frame */
void diuna_queue_claim_wait(struct diuna_device *dd);

/** diuna_queue_release() - give the claim back, nothing queued */
void diuna_queue_release(struct diuna_device *dd);

/** diuna_queue_count_partial() - a started frame was thrown away */
void diuna_queue_count_partial(struct diuna_device *dd);

/** diuna_queue_stats() - the counters, all of one moment */
void diuna_queue_stats(struct diuna_device *dd, struct diuna_stats *ret_stats);

/** diuna_queue_wake_writers() - make the waiters for room look again */
void diuna_queue_wake_writers(struct diuna_device *dd);

/** diuna_queue_set_interval() - set the least time between two starts */
void diuna_queue_set_interval(struct diuna_device *dd, u64 interval_ns);

/**
 * diuna_queue_remove() - end the queue of a device that goes away
 * @dd: the device
 *
 * Refuses frames from now on, wakes all who wait, ends what waits with
 * -ENODEV, lets the wire finish and blanks it.
 */
void diuna_queue_remove(struct diuna_device *dd);

/** diuna_queue_add_file() - let a file take part; -ENODEV if the device is gone */
int diuna_queue_add_file(struct diuna_device *dd, struct diuna_file *f);

/** diuna_queue_remove_file() - forget a file; its frames go on without it */
void diuna_queue_remove_file(struct diuna_device *dd, struct diuna_file *f);

/* records.c */

/** diuna_records_reserve() - a frame of @f was queued; under the queue's lock */
void diuna_records_reserve(struct diuna_file *f, struct diuna_slot *slot);

/** diuna_records_fill() - it has ended; wakes the readers; under the queue's lock */
void diuna_records_fill(struct diuna_file *f, const struct diuna_slot *slot, int status,
			u64 done_ns);

/**
 * diuna_records_peek() - look at a file's oldest record
 * @dd: the device
 * @f: the file; the caller is its only reader
 * @ret_c: the record
 * @ret_index: for diuna_records_consume()
 *
 * Return: 0, -EAGAIN if there is none, -ENODEV if there is and will be none.
 */
int diuna_records_peek(struct diuna_device *dd, struct diuna_file *f,
		       struct diuna_completion *ret_c, u32 *ret_index);

/** diuna_records_consume() - the record of diuna_records_peek() reached the reader */
void diuna_records_consume(struct diuna_device *dd, struct diuna_file *f,
			   const struct diuna_completion *c, u32 index);

/** diuna_records_readable() - would a read not wait? */
bool diuna_records_readable(struct diuna_device *dd, struct diuna_file *f);

/* frame.c */

/**
 * diuna_layout_compute() - lay out a frame
 * @wiring: of each strip
 * @channels: number of strips
 * @limits: of the backend
 * @ret_layout: filled on success
 *
 * Return: 0, or -EINVAL if one controller cannot drive these together.
 */
int diuna_layout_compute(const struct diuna_wiring *const *wiring, u32 channels,
			 const struct diuna_limits *limits, struct diuna_layout *ret_layout);

/**
 * diuna_frame_encode() - encode diuna_device.last into a slot
 * @dd: the device; the caller holds the claim
 * @slot: its words, scale and flags are written
 */
void diuna_frame_encode(struct diuna_device *dd, struct diuna_slot *slot);

/** diuna_frame_encode_black() - make a slot black; needs the claim */
void diuna_frame_encode_black(struct diuna_device *dd, struct diuna_slot *slot);

/** diuna_frame_wiring_changed() - have the tables made anew; nothing is sent */
void diuna_frame_wiring_changed(struct diuna_device *dd);

/** diuna_frame_look() - the appearance */
void diuna_frame_look(struct diuna_device *dd, struct diuna_look *ret_look);

/** diuna_frame_set_brightness() - set the brightness and show it */
void diuna_frame_set_brightness(struct diuna_device *dd, u32 brightness);

/** diuna_frame_set_blank() - black, or what the frames say; shows it */
void diuna_frame_set_blank(struct diuna_device *dd, bool blank);

/**
 * diuna_frame_set_lut() - set look-up tables and show them
 * @dd: the device
 * @channel: one of its channels, or DIUNA_ALL_CHANNELS
 * @lut: by logical component
 */
void diuna_frame_set_lut(struct diuna_device *dd, u32 channel,
			 const u8 lut[DIUNA_COLORS][DIUNA_LUT_SIZE]);

/**
 * diuna_frame_set_limit() - set the power limit of the device and show it
 * @dd: the device
 * @limit_ma: 0 for none
 *
 * Return: 0, or -EPERM if that is more than before and the caller is not
 * privileged.
 */
int diuna_frame_set_limit(struct diuna_device *dd, u32 limit_ma);

/** diuna_frame_power() - the power values of a strip */
void diuna_frame_power(struct diuna_device *dd, u32 channel, struct diuna_power *ret_power);

/**
 * diuna_frame_set_power() - set the power values of a strip and show them
 * @dd: the device
 * @channel: which strip
 * @power: values within their bounds
 *
 * Return: 0, or -EPERM if the limit is higher or the currents are others than
 * before and the caller is not privileged.
 */
int diuna_frame_set_power(struct diuna_device *dd, u32 channel, const struct diuna_power *power);

/* chrdev.c */
extern const struct file_operations diuna_fops;

/** diuna_info_fill() - describe the device; needs diuna_device.lock */
void diuna_info_fill(struct diuna_device *dd, struct diuna_info *info);

/* sysfs.c */

/** diuna_sysfs_init() - make dev.groups, before the device is added */
int diuna_sysfs_init(struct diuna_device *dd);

/** diuna_sysfs_fini() - free them, after the last use of the device */
void diuna_sysfs_fini(struct diuna_device *dd);

/* debugfs.c */

/** diuna_debugfs_init() - make the module's directory */
void diuna_debugfs_init(void);

/** diuna_debugfs_exit() - remove it */
void diuna_debugfs_exit(void);

/** diuna_debugfs_root() - the module's directory, for files of no device */
struct dentry *diuna_debugfs_root(void);

/** diuna_debugfs_add() - make a device's directory */
void diuna_debugfs_add(struct diuna_device *dd);

/** diuna_debugfs_remove() - remove it, after its last reader */
void diuna_debugfs_remove(struct diuna_device *dd);

/* output_sim.c */

/** diuna_sim_init() - make the simulated controllers that the parameters ask for */
int diuna_sim_init(void);

/** diuna_sim_exit() - remove them */
void diuna_sim_exit(void);

#endif /* DIUNA_H */
