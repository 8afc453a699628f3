/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue.pml - kmod/queue.c as a model for spin
 *
 * Each atomic block is one section under diuna_queue.lock; names are those of
 * the driver. WRITERS processes submit FRAMES frames each, the last MAILBOXES
 * of them as MAILBOX files, against the wire, its TIMEOUTS, the start timer
 * (LATER), CHANGES of the appearance, CLEARS of the last frame (blank_on_close),
 * HOLDS (suspend and resume), PEEKS (the claim taken for another use) and, with
 * REMOVE, the removal of the device. Checked in every order of events:
 *
 *   - a frame that was taken ends exactly once, one that was refused never
 *   - nobody writes to a slot that is on the wire or waits for it: no tearing
 *   - what is started has the appearance of that moment, the frame that waited
 *     and was encoded anew included, and is still the frame that was submitted
 *   - whoever sleeps is woken: without REMOVE all frames get through, and no
 *     process is left waiting (spin's invalid end states)
 *   - at the end all three slots are free again, and what was sent last is the
 *     last frame, black if it was cleared, as it has to look
 *
 * diuna_slot.renewals is not modelled: there are fewer changes than its bound.
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
#ifndef CHANGES
#define CHANGES 1
#endif
#ifndef CLEARS
#define CLEARS 0
#endif
#ifndef HOLDS
#define HOLDS 0
#endif
#ifndef PEEKS
#define PEEKS 0
#endif

#define SLOTS 3
#define NONE 3		/* no slot */
#define TOTAL (WRITERS * FRAMES)
#define BLACK TOTAL	/* as if it were a frame */

/* struct diuna_queue */
byte flight = NONE;
byte next = NONE;
bool busy, wanted, hold, gone, stopping, resend, clear;
byte changes;

/* struct diuna_slot: the words in two halves, so that tearing can be seen */
byte frame_of[SLOTS], head[SLOTS], tail[SLOTS];
bool mailbox_of[SLOTS];
bool internal_of[SLOTS];
byte changes_of[SLOTS];

/* struct diuna_device: the frame submitted last, the appearance that users set */
byte last = BLACK, look;

/* the appearance that a slot was encoded with */
byte look_of[SLOTS];

/* what was started last; black is at home in every appearance */
byte shown = BLACK, shown_look;

/* what became of the frames */
bool taken[TOTAL];
byte ended[TOTAL];

/* wait queues: set by a wake-up, cleared by who begins to wait */
bool out_woken[3], state_woken;

bool on_wire;		/* the backend will call diuna_transfer_done() */
bool start_timer, resend_work;
byte timeouts = TIMEOUTS, later = LATER;
byte running = WRITERS + CHANGES + CLEARS + HOLDS + PEEKS;

#define HAS_ROOM(mailbox) \
	(!busy && !hold && !gone && (next == NONE || ((mailbox) && mailbox_of[next])))
#define STALE(slot) (changes_of[slot] != changes)
#define MAY_RESEND \
	(!busy && !hold && !gone && ((next != NONE && STALE(next)) || \
				     (next == NONE && resend && flight == NONE)))

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
	busy = true;
	changes_of[slot] = changes
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
	:: MAY_RESEND -> resend_work = true
	:: else
	fi
}

/* A slot that is free again: what it was makes no difference any more */
inline forget(slot)
{
	frame_of[slot] = 0;
	head[slot] = 0;
	tail[slot] = 0;
	look_of[slot] = 0;
	changes_of[slot] = 0;
	mailbox_of[slot] = false;
	internal_of[slot] = false
}

/* diuna_queue_finish() */
inline finish(slot)
{
	if
	:: internal_of[slot]
	:: else ->
		ended[frame_of[slot]]++;
		assert(ended[frame_of[slot]] == 1)
	fi;
	forget(slot)
}

/* diuna_queue_start(): what goes out is one whole frame, as it has to look */
inline start(slot)
{
	assert(flight == NONE);
	assert(head[slot] == tail[slot]);
	assert(internal_of[slot] || head[slot] == frame_of[slot]);
	/* look is counted up before changes: it may be newer, not older */
	assert(head[slot] == BLACK || look_of[slot] >= changes);
	flight = slot;
	shown = head[slot];
	shown_look = look_of[slot];
	if
#ifdef MUTATE_START_FORGETS_CHANGES
	:: true -> resend = false
#else
	:: changes_of[slot] == changes && !clear -> resend = false
	:: else
#endif
	fi;
	on_wire = true
}

/* diuna_queue_kick() */
inline kick(by_timer)
{
	if
#ifdef MUTATE_START_STALE
	:: next != NONE && flight == NONE && !hold ->
#else
	:: next != NONE && flight == NONE && !hold && !STALE(next) ->
#endif
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
	old = flight;

	/* still what was started: nobody wrote to it meanwhile */
	assert(head[old] == shown && tail[old] == shown);
	flight = NONE;
#ifndef MUTATE_NO_KICK_AT_END
	kick(false);
#endif
	finish(old);
	check_resend();
	if
	:: flight == NONE -> state_woken = true
	:: else
	fi;
	old = NONE
}

/* diuna_queue_encode(), outside of the lock: the frame is last, or black */
inline encode(slot, frame)
{
	atomic { look_of[slot] = look; head[slot] = frame; tail[slot] = NONE + TOTAL }
	tail[slot] = frame
}

/* diuna_queue_own_last() */
inline own_last()
{
	atomic {
		if
		:: clear -> clear = false; last = BLACK
		:: else
		fi
	}
}

/* write(2), waiting: diuna_queue_submit() with DIUNA_WAIT_SIGNAL */
proctype writer(byte id)
{
	byte slot = NONE, k = 0;
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
				:: HAS_ROOM(mailbox) -> take_claim(slot)
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
		/* the frame is laid over what own_last() makes of it */
		atomic { clear = false; last = id * FRAMES + k }
		encode(slot, last);
		atomic {
			busy = false;
			if
			:: gone -> forget(slot)
			:: else ->
				internal_of[slot] = false;
				mailbox_of[slot] = mailbox;
				frame_of[slot] = id * FRAMES + k;
				taken[frame_of[slot]] = true;
				if
				:: next != NONE ->
					finish(next)
				:: else
				fi;
				next = slot;
				kick(false)
			fi;
			released();
#ifndef MUTATE_SUBMIT_CHECKS_NOTHING
			check_resend();
#endif
			slot = NONE;
			k++
		}
	od;
out:
	atomic { running-- }
}

/* the backend's interrupt: diuna_transfer_done() */
active proctype wire()
{
	byte old = NONE;

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
	byte old = NONE;

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

/* Give the claim back with a frame of the driver's own: diuna_queue_send_internal() */
inline send_internal(slot, black)
{
	atomic {
		internal_of[slot] = true;
		busy = false;
		if
#ifdef MUTATE_INTERNAL_STALE
		:: true -> start(slot)
#else
		:: black || !STALE(slot) -> start(slot)
		:: else -> forget(slot)
#endif
		fi;
		released();
		check_resend();
		slot = NONE
	}
}

/* diuna_queue_replace_next() */
inline replace_next(slot)
{
	atomic {
		busy = false;
		if
		:: next != NONE ->
			internal_of[slot] = false;
			mailbox_of[slot] = mailbox_of[next];
			frame_of[slot] = frame_of[next];
			forget(next);
			next = slot;
			kick(false)
		:: else -> forget(slot)
		fi;
		released();
		check_resend();
		slot = NONE
	}
}

/* diuna_queue_try_resend() */
inline try_resend()
{
	atomic {
		mine = NONE;
		if
		:: MAY_RESEND -> waits = next != NONE; take_claim(mine)
		:: else
		fi
	}
	if
	:: mine != NONE && waits ->
		waits = false;
#ifdef MUTATE_RENEWAL_IS_CLEARED
		own_last();
#endif
		encode(mine, last);
		replace_next(mine)
	:: mine != NONE && !waits ->
		own_last();
		encode(mine, last);
		send_internal(mine, false)
	:: else
	fi
}

active proctype resend_worker()
{
	byte mine = NONE;
	bool waits;

end:	do
	:: atomic { resend_work -> resend_work = false }
		try_resend()
	od
}

/* diuna_frame_look_changed(), then diuna_queue_look_changed() */
proctype changer()
{
	byte mine = NONE;
	bool waits;

	look++;
	atomic { changes++; resend = true }
	try_resend();
	atomic { running-- }
}

/* diuna_queue_clear() */
proctype clearer()
{
	byte mine = NONE;
	bool waits;

	atomic { clear = true; resend = true }
	try_resend();
	atomic { running-- }
}

/* diuna_queue_claim_wait() and diuna_queue_release() */
proctype peeker()
{
	byte mine = NONE;

	do
	:: atomic {
			mine = NONE;
			if
			:: !busy -> take_claim(mine)
			:: else
			fi
		}
		if
		:: mine != NONE -> break
		:: else -> !busy
		fi
	od;
	atomic { busy = false; forget(mine); mine = NONE; released(); check_resend(); running-- }
}

/* diuna_queue_blank() */
inline blank()
{
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
	encode(mine, BLACK);
	send_internal(mine, true);
	do
	:: state_woken = false;
		if
		:: flight == NONE -> break
		:: else -> state_woken
		fi
	od
}

/* diuna_suspend() and diuna_resume() */
proctype sleeper()
{
	byte mine = NONE;
	bool waits;

	atomic { hold = true }
	blank();
	atomic {
		assert(flight == NONE);
		assert(shown == BLACK);
		hold = false;
		if
		:: next == NONE -> resend = true
		:: else
		fi;
#ifndef MUTATE_UNHOLD_STARTS_NOTHING
		kick(false);
#endif
		if
		:: HAS_ROOM(true) -> wake_out()
		:: else
		fi
	}
	try_resend();
	atomic { running-- }
}

inline check()
{
	byte f = 0;

	assert(flight == NONE && next == NONE && !busy);
#ifndef REMOVE
	assert(!clear);
	assert(shown == last);
	assert(shown == BLACK || shown_look == look);
#endif
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
	byte mine = NONE;

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
	blank();
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
		od;
		id = 0;
		do
		:: id == CHANGES -> break
		:: else -> run changer(); id++
		od;
		id = 0;
		do
		:: id == CLEARS -> break
		:: else -> run clearer(); id++
		od;
		id = 0;
		do
		:: id == HOLDS -> break
		:: else -> run sleeper(); id++
		od;
		id = 0;
		do
		:: id == PEEKS -> break
		:: else -> run peeker(); id++
		od
	}
#ifndef REMOVE
	/* everybody got through, what is queued goes out, and what has to be sent again is */
	atomic {
		running == 0 && flight == NONE && next == NONE && !busy && !resend && !resend_work;
		check()
	}
#endif
}
