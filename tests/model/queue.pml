/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue.pml - kmod/queue.c as a model for spin
 *
 * Each atomic block is one section under diuna_queue.lock; names are those of
 * the driver. WRITERS processes submit FRAMES frames each, the last MAILBOXES
 * of them as MAILBOX files, against the wire, its time-outs, the start timer,
 * a change of appearance (resend) and, with REMOVE, the removal of the device.
 * Checked in every order of events:
 *
 *   - a frame that was taken ends exactly once, one that was refused never
 *   - nobody writes to a slot that is on the wire or waits for it: no tearing
 *   - whoever sleeps is woken: without REMOVE all frames get through, and no
 *     process is left waiting (spin's invalid end states)
 *   - at the end all three slots are free again
 *
 * A MUTATE_* macro breaks one rule; tests/model/run wants each of them caught.
 */

#ifndef WRITERS
#define WRITERS 3
#endif
#ifndef FRAMES
#define FRAMES 2
#endif
#ifndef MAILBOXES
#define MAILBOXES 1
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 1
#endif
#ifndef LATER
#define LATER 1
#endif
#ifndef RESENDS
#define RESENDS 1
#endif

#define SLOTS 3
#define NONE 3		/* no slot */
#define TOTAL (WRITERS * FRAMES)	/* the driver's own are frame TOTAL */

/* struct diuna_queue */
byte flight = NONE;
byte next = NONE;
bool busy, wanted, gone, stopping, resend;

/* struct diuna_slot: the words in two halves, so that tearing can be seen */
byte frame_of[SLOTS], head[SLOTS], tail[SLOTS];
bool mailbox_of[SLOTS];
bool internal_of[SLOTS];

/* what became of the frames */
bool taken[TOTAL];
byte ended[TOTAL];

/* wait queues: set by a wake-up, cleared by who begins to wait */
bool out_woken[WRITERS], state_woken;

bool on_wire;		/* the backend will call diuna_transfer_done() */
bool start_timer, resend_work;
byte timeouts = TIMEOUTS, later = LATER;
byte running = WRITERS;

#define HAS_ROOM(mailbox) \
	(!busy && !gone && (next == NONE || ((mailbox) && mailbox_of[next])))

inline wake_out()
{
	wanted = false;
	out_woken[0] = true;
	out_woken[1] = true;
	out_woken[2] = true
}

inline take_claim(slot)
{
	slot = 0;
	do
	:: slot == flight || slot == next -> slot++
	:: else -> break
	od;
#ifdef MUTATE_CLAIM_ANY_SLOT
	slot = 0;
#endif
	busy = true
}

/* diuna_queue_released() */
inline released()
{
	if
#ifndef MUTATE_FORGET_WANTED
	:: wanted && HAS_ROOM(true) -> wake_out()
#endif
	:: else
	fi;
	state_woken = true
}

/* diuna_queue_check_resend() */
inline check_resend()
{
	if
	:: resend && !busy && flight == NONE && next == NONE && !gone -> resend_work = true
	:: else
	fi
}

/* diuna_queue_finish() */
inline finish(slot)
{
	if
	:: internal_of[slot]
	:: else ->
		ended[frame_of[slot]]++;
		assert(ended[frame_of[slot]] == 1)
	fi
}

/* diuna_queue_start(): what goes out is one whole frame */
inline start(slot)
{
	assert(flight == NONE);
	assert(head[slot] == frame_of[slot] && tail[slot] == frame_of[slot]);
	flight = slot;
	on_wire = true
}

/* diuna_queue_kick() */
inline kick(by_timer)
{
	if
	:: next != NONE && flight == NONE ->
		if
		:: !(by_timer) && later > 0 -> later--; start_timer = true
		:: true ->
			start(next);
			next = NONE;
			if
			:: busy -> wanted = true
			:: else -> wake_out()
			fi
		fi
	:: else
	fi
}

/* diuna_queue_end_flight() */
inline end_flight()
{
	byte old = flight;

	/* still what was started: nobody wrote to it meanwhile */
	assert(head[old] == frame_of[old] && tail[old] == frame_of[old]);
	flight = NONE;
#ifndef MUTATE_NO_KICK_AT_END
	kick(false);
#endif
	finish(old);
	check_resend();
	if
	:: flight == NONE -> state_woken = true
	:: else
	fi
}

/* diuna_frame_encode(), outside of the lock */
inline encode(slot, frame)
{
	atomic { frame_of[slot] = frame; head[slot] = frame; tail[slot] = NONE + TOTAL }
	tail[slot] = frame
}

/* write(2), waiting: diuna_queue_submit() with DIUNA_WAIT_SIGNAL */
proctype writer(byte id)
{
	byte slot, k = 0;
	bool mailbox = id >= WRITERS - MAILBOXES;

	do
	:: k == FRAMES -> break
	:: else ->
		do
		:: atomic {
				out_woken[id] = false;
				slot = NONE;
				if
				:: gone -> goto out
				:: else
				fi;
				if
				:: HAS_ROOM(mailbox) -> take_claim(slot); resend = false
				:: else ->
#ifndef MUTATE_NO_WANTED_AT_REFUSAL
					wanted = wanted || busy
#else
					skip
#endif
				fi
			}
			if
			:: slot != NONE -> break
			:: else -> out_woken[id]
			fi
		od;
		encode(slot, id * FRAMES + k);
		atomic {
			busy = false;
			if
			:: gone -> skip
			:: else ->
				internal_of[slot] = false;
				mailbox_of[slot] = mailbox;
				taken[frame_of[slot]] = true;
				if
				:: next != NONE ->
					finish(next)
				:: else
				fi;
				next = slot;
				kick(false)
			fi;
			released()
		}
		k++
	od;
out:
	atomic { running-- }
}

/* the backend's interrupt: diuna_transfer_done() */
active proctype wire()
{
end:	do
	:: atomic {
		on_wire ->
		on_wire = false;
		if
		:: flight != NONE && !stopping -> end_flight()
		:: else
		fi
	}
	od
}

/* diuna_queue_timeout(): the transfer in flight is given up */
active proctype timeout_work()
{
end:	do
	:: atomic { timeouts > 0 && flight != NONE -> timeouts--; stopping = true }
		/* ops->stop(): no call of diuna_transfer_done() after it */
		atomic { on_wire = false }
#ifdef MUTATE_TIMEOUT_LETS_DONE_IN
		atomic { stopping = false; on_wire = true }
#endif
		atomic {
			stopping = false;
			end_flight()
		}
	od
}

active proctype timer()
{
end:	do
	:: atomic { start_timer -> start_timer = false; kick(true) }
	od
}

/* diuna_queue_try_resend() */
inline try_resend()
{
	atomic {
		if
		:: resend && !busy && flight == NONE && next == NONE && !gone ->
			resend = false;
			take_claim(mine)
		:: else -> mine = NONE
		fi
	}
	if
	:: mine != NONE ->
		encode(mine, TOTAL);
		atomic {
			internal_of[mine] = true;
			busy = false;
			start(mine);
			released()
		}
	:: else
	fi
}

/* a change of appearance, and the work that sends it once idle */
active proctype appearance()
{
	byte n = RESENDS, mine;

end:	do
	:: n > 0 -> n--; atomic { resend = true }
		try_resend()
	:: atomic { resend_work -> resend_work = false }
		try_resend()
	od
}

inline check()
{
	byte f = 0;

	assert(flight == NONE && next == NONE && !busy);
	do
	:: f == TOTAL -> break
	:: else ->
		assert(ended[f] == (taken[f] -> 1 : 0));
#ifndef REMOVE
		assert(taken[f]);
#endif
		f++
	od
}

#ifdef REMOVE
/* diuna_queue_remove(), with the black frame of diuna_queue_blank() */
active proctype remover()
{
	byte mine;

	atomic {
		gone = true;
		resend = false;
		if
		:: next != NONE -> finish(next); next = NONE
		:: else
		fi;
#ifndef MUTATE_REMOVE_WAKES_NOBODY
		wake_out();
#endif
	}
	do
	:: state_woken = false;
		mine = NONE;
		atomic {
			if
			:: !busy && flight == NONE -> take_claim(mine)
			:: else
			fi
		}
		if
		:: mine != NONE -> break
		:: else -> state_woken
		fi
	od;
	encode(mine, TOTAL);
	atomic {
		internal_of[mine] = true;
		busy = false;
		start(mine);
		released()
	}
	do
	:: state_woken = false;
		if
		:: flight == NONE -> break
		:: else -> state_woken
		fi
	od;
	/* all is over when this returns */
	atomic { running == 0; check() }
}
#endif

init {
	byte id = 0;

	atomic {
		do
		:: id == WRITERS -> break
		:: else -> run writer(id); id++
		od
	}
#ifndef REMOVE
	/* everybody got through, and what is queued goes out */
	atomic {
		running == 0 && flight == NONE && next == NONE && !busy;
		check()
	}
#endif
}
