/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - tracepoints: a frame was queued, started, done, or failed
 *
 * Devices appear by number: 0 is /dev/diuna, 1 is /dev/diuna1.
 */

#undef TRACE_SYSTEM
#define TRACE_SYSTEM diuna

#if !defined(DIUNA_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define DIUNA_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(diuna_queue,
	    TP_PROTO(unsigned int minor, u64 seq, u64 cookie, u64 present_ns),
	    TP_ARGS(minor, seq, cookie, present_ns),
	    TP_STRUCT__entry(__field(unsigned int, minor)
			     __field(u64, seq)
			     __field(u64, cookie)
			     __field(u64, present_ns)),
	    TP_fast_assign(__entry->minor = minor;
			   __entry->seq = seq;
			   __entry->cookie = cookie;
			   __entry->present_ns = present_ns),
	    TP_printk("device=%u seq=%llu cookie=%llu present_ns=%llu", __entry->minor,
		      __entry->seq, __entry->cookie, __entry->present_ns)
);

TRACE_EVENT(diuna_start,
	    TP_PROTO(unsigned int minor, u64 seq, u32 words),
	    TP_ARGS(minor, seq, words),
	    TP_STRUCT__entry(__field(unsigned int, minor)
			     __field(u64, seq)
			     __field(u32, words)),
	    TP_fast_assign(__entry->minor = minor;
			   __entry->seq = seq;
			   __entry->words = words),
	    TP_printk("device=%u seq=%llu words=%u", __entry->minor, __entry->seq,
		      __entry->words)
);

DECLARE_EVENT_CLASS(diuna_end,
		    TP_PROTO(unsigned int minor, u64 seq, int status),
		    TP_ARGS(minor, seq, status),
		    TP_STRUCT__entry(__field(unsigned int, minor)
				     __field(u64, seq)
				     __field(int, status)),
		    TP_fast_assign(__entry->minor = minor;
				   __entry->seq = seq;
				   __entry->status = status),
		    TP_printk("device=%u seq=%llu status=%d", __entry->minor, __entry->seq,
			      __entry->status)
);

DEFINE_EVENT(diuna_end, diuna_done,
	     TP_PROTO(unsigned int minor, u64 seq, int status),
	     TP_ARGS(minor, seq, status)
);

DEFINE_EVENT(diuna_end, diuna_error,
	     TP_PROTO(unsigned int minor, u64 seq, int status),
	     TP_ARGS(minor, seq, status)
);

#endif /* DIUNA_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
