// SPDX-License-Identifier: GPL-2.0
/*
 * queue_test.c - the queue with a backend that does what the test wants, also in
 * the middle of an encoding, where user space cannot reach
 *
 * One strip of two pixels, so a frame is 6 bytes and as many words of data. A
 * WS2812B's 0 is 1000 and its 1 is 1110 on the wire: a byte of 0 is 0x88888888,
 * one of 255 is 0xeeeeeeee.
 */

#include <kunit/test.h>

#include "../../kmod/queue.c"
#include "../../kmod/records.c"
#include "../../kmod/frame.c"

#define BYTES	6
#define BLACK	0x88888888
#define WHITE	0xeeeeeeee

/**
 * struct rig - a device and what its backend saw
 * @dd: the device
 * @strip: its only one
 * @last: diuna_device.last
 * @file: a file open for reading and writing
 * @records: its ring
 * @hook: called in the middle of an encoding, @hooks times
 * @hooks: how often it still is
 * @prepare_error: what prepare() returns
 * @sent: what is on the wire, or NULL
 * @first_word: of the data of what was started last
 * @prepared: how many transfers were
 * @unprepared: likewise
 * @started: likewise
 */
struct rig {
	struct diuna_device dd;
	struct diuna_strip strip;
	u8 last[BYTES];
	struct diuna_file file;
	struct diuna_completion records[DIUNA_COMPLETION_RECORDS];
	void (*hook)(struct rig *rig);
	unsigned int hooks;
	int prepare_error;
	struct diuna_transfer *sent;
	u32 first_word;
	unsigned int prepared;
	unsigned int unprepared;
	unsigned int started;
};

static int rig_prepare(void *output, struct diuna_transfer *t)
{
	struct rig *rig = output;

	if (rig->hooks) {
		rig->hooks--;
		rig->hook(rig);
	}
	if (rig->prepare_error)
		return rig->prepare_error;
	rig->prepared++;
	return 0;
}

static void rig_unprepare(void *output, struct diuna_transfer *t)
{
	struct rig *rig = output;

	rig->unprepared++;
}

static int rig_start(void *output, struct diuna_transfer *t)
{
	struct rig *rig = output;

	rig->sent = t;
	rig->first_word = t->words[rig->dd.layout.lead_words];
	rig->started++;
	return 0;
}

static void rig_stop(void *output)
{
	struct rig *rig = output;

	rig->sent = NULL;
}

static const struct diuna_output_ops rig_ops = {
	.name = "rig",
	.limits = { .channels = 1, .lead_words = 1, .drain_words = 1 },
	.prepare = rig_prepare,
	.unprepare = rig_unprepare,
	.start = rig_start,
	.stop = rig_stop,
};

/* Until the driver's own work has nothing left to do */
static void rig_settle(struct rig *rig)
{
	while (flush_work(&rig->dd.queue.resend_work))
		;
}

static void rig_end(struct rig *rig)
{
	struct diuna_transfer *t = rig->sent;

	if (!t)
		return;
	rig->sent = NULL;
	diuna_transfer_done(t, 0, ktime_get_ns());
}

static int rig_submit(struct rig *rig, u8 value, bool mailbox)
{
	u8 pixels[BYTES];
	const struct diuna_request r = {
		.file = &rig->file,
		.pixels = pixels,
		.length = BYTES,
		.mailbox = mailbox,
	};

	memset(pixels, value, sizeof(pixels));
	return diuna_queue_submit(&rig->dd, &r, DIUNA_WAIT_NONE);
}

static int queue_init(struct kunit *test)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);
	const struct diuna_wiring *wiring = &rig->strip.wiring;
	struct diuna_device *dd = &rig->dd;

	KUNIT_ASSERT_NOT_NULL(test, rig);
	test->priv = rig;
	rig->strip.wiring.pixels = BYTES / 3;
	rig->strip.wiring.timing = *diuna_timing_find("ws2812b");
	KUNIT_ASSERT_EQ(test, diuna_order_parse("RGB", &rig->strip.wiring.order), 0);
	diuna_table_identity_lut(rig->strip.lut);

	dd->ops = &rig_ops;
	dd->output = rig;
	dd->strips = &rig->strip;
	dd->last = rig->last;
	dd->look.brightness = DIUNA_MAX_BRIGHTNESS;
	dd->look_changed = true;
	spin_lock_init(&dd->look_lock);
	diuna_queue_init(dd);
	KUNIT_ASSERT_EQ(test, diuna_layout_compute(&wiring, 1, &rig_ops.limits, &dd->layout), 0);
	/* far more than a test takes: what is on the wire ends when the test says so */
	dd->layout.timeout_ns = 1000 * NSEC_PER_SEC;
	for (int i = 0; i < DIUNA_SLOTS; i++) {
		struct diuna_transfer *t = &dd->queue.slot[i].transfer;

		t->dd = dd;
		t->count = dd->layout.words;
		t->words = kunit_kcalloc(test, t->count, sizeof(*t->words), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, t->words);
	}

	rig->file.dd = dd;
	rig->file.records = rig->records;
	init_waitqueue_head(&rig->file.in_wait);
	init_waitqueue_head(&rig->file.done_wait);
	return diuna_queue_add_file(dd, &rig->file);
}

static void queue_exit(struct kunit *test)
{
	struct rig *rig = test->priv;

	if (!rig)
		return;
	hrtimer_cancel(&rig->dd.queue.start_timer);
	rig_settle(rig);
	cancel_delayed_work_sync(&rig->dd.queue.timeout_work);
	diuna_queue_remove_file(&rig->dd, &rig->file);
	/* what was prepared was started or taken back; what waits or is sent may be neither yet */
	KUNIT_EXPECT_EQ(test, rig->prepared,
			rig->started + rig->unprepared + (rig->dd.queue.next ? 1 : 0));
}

static void blank(struct rig *rig)
{
	diuna_frame_set_blank(&rig->dd, true);
}

static void a_frame_for_which_all_changes_while_it_is_encoded_is_encoded_anew(struct kunit *test)
{
	struct rig *rig = test->priv;

	rig->hook = blank;
	rig->hooks = 1;
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, false), 0);
	rig_settle(rig);
	KUNIT_EXPECT_EQ(test, rig->started, 1);
	KUNIT_EXPECT_EQ(test, rig->first_word, BLACK);
	rig_end(rig);
	rig_settle(rig);
	/* it looked as it had to: nothing is sent again */
	KUNIT_EXPECT_EQ(test, rig->started, 1);
	KUNIT_EXPECT_EQ(test, rig->records[0].status, 0);
	KUNIT_EXPECT_EQ(test, rig->records[0].seq, 1);
}

static void so_is_a_frame_of_the_drivers_own(struct kunit *test)
{
	struct rig *rig = test->priv;

	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, false), 0);
	rig_end(rig);
	KUNIT_ASSERT_EQ(test, rig->first_word, WHITE);
	rig->hook = blank;
	rig->hooks = 1;
	/* sends white again, and is told to blank meanwhile */
	diuna_frame_set_brightness(&rig->dd, DIUNA_MAX_BRIGHTNESS);
	rig_settle(rig);
	KUNIT_EXPECT_EQ(test, rig->started, 2);
	KUNIT_EXPECT_EQ(test, rig->first_word, BLACK);
}

static void dim(struct rig *rig)
{
	/* one less each time, and none at all the last time */
	diuna_frame_set_brightness(&rig->dd, rig->hooks);
}

static void no_number_of_changes_keeps_a_frame_back_for_ever(struct kunit *test)
{
	struct rig *rig = test->priv;

	rig->hook = dim;
	rig->hooks = 2 * DIUNA_MAX_RENEWALS;
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, false), 0);
	rig_settle(rig);
	KUNIT_EXPECT_EQ(test, rig->started, 1);
	KUNIT_EXPECT_EQ(test, rig->prepared, 1 + DIUNA_MAX_RENEWALS);
	KUNIT_EXPECT_NE(test, rig->first_word, BLACK);
	/* When it has ended the last change shows: there is nobody else to wait for that. */
	rig_end(rig);
	rig_settle(rig);
	KUNIT_EXPECT_EQ(test, rig->hooks, 0);
	KUNIT_EXPECT_EQ(test, rig->started, 2);
	KUNIT_EXPECT_EQ(test, rig->first_word, BLACK);
}

static void what_starts_while_its_successor_is_encoded_is_not_replaced(struct kunit *test)
{
	struct rig *rig = test->priv;

	KUNIT_ASSERT_EQ(test, rig_submit(rig, 1, true), 0);
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, true), 0);
	/* the wire gets free just then */
	rig->hook = rig_end;
	rig->hooks = 1;
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 0, true), 0);
	KUNIT_EXPECT_EQ(test, rig->started, 2);
	KUNIT_EXPECT_EQ(test, rig->first_word, WHITE);
	rig_end(rig);
	KUNIT_EXPECT_EQ(test, rig->first_word, BLACK);
	rig_end(rig);
	KUNIT_EXPECT_EQ(test, rig->dd.queue.stats.frames, 3);
	KUNIT_EXPECT_EQ(test, rig->dd.queue.stats.dropped, 0);
}

static void go(struct rig *rig)
{
	WRITE_ONCE(rig->dd.queue.gone, true);
}

static void a_device_that_goes_while_a_frame_is_encoded_does_not_take_it(struct kunit *test)
{
	struct rig *rig = test->priv;

	rig->hook = go;
	rig->hooks = 1;
	KUNIT_EXPECT_EQ(test, rig_submit(rig, 255, false), -ENODEV);
	KUNIT_EXPECT_EQ(test, rig->started, 0);
	KUNIT_EXPECT_EQ(test, rig->unprepared, 1);
	KUNIT_EXPECT_EQ(test, rig->file.head, 0);
}

static void what_cannot_be_prepared_ends_with_EIO_and_was_never_started(struct kunit *test)
{
	struct rig *rig = test->priv;

	rig->prepare_error = -ENOMEM;
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, false), 0);
	flush_delayed_work(&rig->dd.queue.timeout_work);
	KUNIT_EXPECT_EQ(test, rig->started, 0);
	KUNIT_EXPECT_EQ(test, rig->records[0].status, -EIO);
	KUNIT_EXPECT_EQ(test, rig->records[0].started_ns, 0);
	KUNIT_EXPECT_NE(test, rig->records[0].done_ns, 0);
	rig->prepare_error = 0;
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, false), 0);
	KUNIT_EXPECT_EQ(test, rig->started, 1);
}

static void what_waited_while_the_queue_was_held_looks_new_afterwards(struct kunit *test)
{
	struct rig *rig = test->priv;

	KUNIT_ASSERT_EQ(test, rig_submit(rig, 1, false), 0);
	KUNIT_ASSERT_EQ(test, rig_submit(rig, 255, false), 0);
	KUNIT_ASSERT_EQ(test, diuna_queue_hold(&rig->dd, false), 0);
	rig_end(rig);
	KUNIT_EXPECT_EQ(test, rig->started, 1);
	KUNIT_EXPECT_EQ(test, rig_submit(rig, 3, false), -EAGAIN);
	blank(rig);
	rig_settle(rig);
	KUNIT_EXPECT_EQ(test, rig->started, 1);
	diuna_queue_unhold(&rig->dd);
	KUNIT_EXPECT_EQ(test, rig->started, 2);
	KUNIT_EXPECT_EQ(test, rig->first_word, BLACK);
	rig_end(rig);
	KUNIT_EXPECT_EQ(test, rig->records[1].seq, 2);
	KUNIT_EXPECT_EQ(test, rig->records[1].status, 0);
}

static struct kunit_case queue_cases[] = {
	KUNIT_CASE(a_frame_for_which_all_changes_while_it_is_encoded_is_encoded_anew),
	KUNIT_CASE(so_is_a_frame_of_the_drivers_own),
	KUNIT_CASE(no_number_of_changes_keeps_a_frame_back_for_ever),
	KUNIT_CASE(what_starts_while_its_successor_is_encoded_is_not_replaced),
	KUNIT_CASE(a_device_that_goes_while_a_frame_is_encoded_does_not_take_it),
	KUNIT_CASE(what_cannot_be_prepared_ends_with_EIO_and_was_never_started),
	KUNIT_CASE(what_waited_while_the_queue_was_held_looks_new_afterwards),
	{ }
};

static struct kunit_suite queue_suite = {
	.name = "diuna_queue",
	.init = queue_init,
	.exit = queue_exit,
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);
