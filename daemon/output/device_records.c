// SPDX-License-Identifier: GPL-2.0-or-later
#include "output/device_records.h"

void device_records_taken(struct device_records *records)
{
	if (records->outstanding < DEVICE_SLOTS)
		records->outstanding++;
}

void device_records_room(struct device_records *records)
{
	if (records->outstanding >= DEVICE_SLOTS)
		records->outstanding = DEVICE_SLOTS - 1;
}

bool device_records_full(const struct device_records *records)
{
	return records->outstanding >= DEVICE_SLOTS;
}

static void read_one(struct device_records *records, struct output_stats *stats,
		     const struct diuna_completion *completion, struct device_news *news)
{
	uint64_t ours = 1 + (uint64_t)completion->lost;

	if (records->last_seq && completion->seq > records->last_seq) {
		uint64_t frames = completion->seq - records->last_seq;

		if (frames > ours)
			news->foreign += frames - ours;
	}
	records->last_seq = completion->seq;
	records->outstanding =
		records->outstanding > ours ? records->outstanding - (unsigned int)ours : 0;

	if (completion->status == 0) {
		/* how lost ones ended is not known: they count as shown */
		stats->completed += ours;
		stats->last_done_ns = completion->done_ns;
		news->error = 0;
	} else {
		stats->completed += completion->lost;
		news->failed++;
		news->error = completion->status;
	}
}

struct device_news device_records_read(struct device_records *records, struct output_stats *stats,
				       const struct diuna_completion *completions, size_t n)
{
	struct device_news news = { 0 };

	for (size_t i = 0; i < n; i++)
		read_one(records, stats, &completions[i], &news);
	stats->failed += news.failed;
	stats->foreign += news.foreign;
	return news;
}
