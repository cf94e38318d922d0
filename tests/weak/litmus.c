/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The explorer itself, on the classical litmus shapes: for each, which results C11 allows, all of
 * which must be reached, and which it forbids.  Shapes and outcomes: Batty et al., POPL
 * 2011; Lahav et al., PLDI 2017.
 */
#include "weak.h"

#define RLX __ATOMIC_RELAXED
#define ACQ __ATOMIC_ACQUIRE
#define REL __ATOMIC_RELEASE
#define ARL __ATOMIC_ACQ_REL
#define SC __ATOMIC_SEQ_CST

static uint32_t x, y, z, data;
static unsigned r[8]; /* what the threads have read */

static APART void keep(unsigned i, unsigned value)
{
	r[i] = value;
}

static APART unsigned kept(unsigned i)
{
	return r[i];
}

static APART void setup(void)
{
	x = y = z = data = 0;
	for (unsigned i = 0; i < 8; i++)
		r[i] = 9;
}

#define W(location, value, order) __atomic_store_n(&(location), value, order)
#define R(i, location, order) keep(i, __atomic_load_n(&(location), order))
#define F(order) __atomic_thread_fence(order)
#define NOTHING ((void)0)

static unsigned cas(uint32_t *word, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(word, &from, to, false, ARL, ACQ);
}

/* shape(NAME, RESULT, code of thread 0, 1, 2, 3) */
#define shape(name, result, c0, c1, c2, c3)                                                        \
	static void name(unsigned self)                                                            \
	{                                                                                          \
		switch (self) {                                                                    \
		case 0:                                                                            \
			c0;                                                                        \
			break;                                                                     \
		case 1:                                                                            \
			c1;                                                                        \
			break;                                                                     \
		case 2:                                                                            \
			c2;                                                                        \
			break;                                                                     \
		default:                                                                           \
			c3;                                                                        \
			break;                                                                     \
		}                                                                                  \
	}                                                                                          \
	static APART void name##_result(void)                                                      \
	{                                                                                          \
		weak_result(result);                                                               \
	}

/* Results are the numbers read, as octal digits or bits. */
#define TWO (r[0] << 1 | r[1])
#define FOUR (r[0] << 3 | r[1] << 2 | r[2] << 1 | r[3])

/* Store buffering. */
#define SB(name, w, rd, fence)                                                                     \
	shape(name, TWO, W(x, 1, w); fence; R(0, y, rd), W(y, 1, w); fence;                        \
	      R(1, x, rd), NOTHING, NOTHING)
SB(sb_rlx, RLX, RLX, NOTHING)
SB(sb_ra, REL, ACQ, NOTHING)
SB(sb_sc, SC, SC, NOTHING)
SB(sb_fence, RLX, RLX, F(SC))
SB(sb_fence_ar, RLX, RLX, F(ARL))
SB(sb_sc_store, SC, ACQ, NOTHING)
SB(sb_sc_load, REL, SC, NOTHING)
shape(sb_mixed, TWO, W(x, 1, SC); R(0, y, SC), W(y, 1, RLX); F(SC); R(1, x, RLX), NOTHING, NOTHING)

	/* With exchanges in place of the stores. */
	shape(sb_rmw, TWO, __atomic_exchange_n(&x, 1, ARL);
	      R(0, y, ACQ), __atomic_exchange_n(&y, 1, ARL); R(1, x, ACQ), NOTHING, NOTHING)

/* Message passing: bit 1 the flag, bit 0 the data. */
#define MP(name, w, rd, wf, rf)                                                                    \
	shape(name, TWO, W(x, 1, RLX); wf; W(y, 1, w), R(0, y, rd); rf;                            \
	      R(1, x, RLX), NOTHING, NOTHING)
		MP(mp_rlx, RLX, RLX, NOTHING, NOTHING) MP(mp_ra, REL, ACQ, NOTHING, NOTHING)
			MP(mp_rel_rlx, REL, RLX, NOTHING, NOTHING) MP(mp_rlx_acq, RLX, ACQ, NOTHING,
								      NOTHING)
				MP(mp_fences, RLX, RLX, F(REL), F(ACQ)) MP(mp_fence_acq, RLX, ACQ,
									   F(REL), NOTHING)
					MP(mp_rel_fence, REL, RLX, NOTHING, F(ACQ))
						MP(mp_wrong_fences, RLX, RLX, F(ACQ), F(REL))
							MP(mp_sc, SC, SC, NOTHING, NOTHING)

	/* An SC access to the data alone orders nothing: it may be done later than the flag is. */
	shape(mp_sc_data, TWO, W(x, 1, SC); W(y, 1, RLX), R(0, y, RLX);
	      R(1, x, SC), NOTHING, NOTHING)

/* Load buffering: RC11 forbids it, whatever the order (graph.h). */
#define LB(name, w, rd)                                                                            \
	shape(name, TWO, R(0, x, rd); W(y, 1, w), R(1, y, rd); W(x, 1, w), NOTHING, NOTHING)
		LB(lb_rlx, RLX, RLX) LB(lb_ra, REL, ACQ)

/* Two writers, two readers that disagree about the order. */
#define IRIW(name, w, rd, fence)                                                                   \
	shape(name, FOUR, W(x, 1, w), W(y, 1, w), R(0, x, rd); fence; R(1, y, rd), R(2, y, rd);    \
	      fence; R(3, x, rd))
			IRIW(iriw_ra, REL, ACQ, NOTHING) IRIW(iriw_rlx, RLX, RLX, NOTHING)
				IRIW(iriw_sc, SC, SC, NOTHING) IRIW(iriw_fence, RLX, RLX, F(SC))

/* Write to read causality: three threads. */
#define WRC(name, w, rd)                                                                           \
	shape(name, r[0] << 2 | r[1] << 1 | r[2], W(x, 1, w), R(0, x, rd);                         \
	      W(y, 1, w), R(1, y, rd); R(2, x, RLX), NOTHING)
					WRC(wrc_rlx, RLX, RLX) WRC(wrc_ra, REL, ACQ)

/* ISA2: released by one, passed on by another. */
#define ISA2(name, w, rd)                                                                          \
	shape(name, r[0] << 2 | r[1] << 1 | r[2], W(x, 1, RLX); W(y, 1, w), R(0, y, rd);           \
	      W(z, 1, w), R(1, z, rd); R(2, x, RLX), NOTHING)
						ISA2(isa2_rlx, RLX, RLX) ISA2(isa2_ra, REL, ACQ)

	/* Coherence: relaxed accesses to one location. */
	shape(corr, r[0] * 4 + r[1], W(x, 1, RLX); W(x, 2, RLX), R(0, x, RLX);
	      R(1, x, RLX), NOTHING, NOTHING) shape(cowr, r[0], W(x, 1, RLX);
						    R(0, x, RLX), W(x, 2, RLX), NOTHING, NOTHING)
		shape(corw, r[0] * 4 + x, R(0, x, RLX);
		      W(x, 1, RLX), W(x, 2, RLX), NOTHING,
		      NOTHING) shape(coww, x, W(x, 1, RLX); W(x, 2, RLX), NOTHING, NOTHING, NOTHING)
			shape(corr_two, r[0] << 3 | r[1] << 2 | r[2] << 1 | r[3], W(x, 1, RLX),
			      W(x, 2, RLX), R(4, x, RLX);
			      R(5, x, RLX); keep(0, kept(4) == 1);
			      keep(1, kept(5) == 2), R(6, x, RLX); R(7, x, RLX);
			      keep(2, kept(6) == 2); keep(3, kept(7) == 1))

/* 2+2W: both locations end with what was written first. */
#define W22(name, o)                                                                               \
	shape(name, (x == 1) << 1 | (y == 1), W(x, 1, o); W(y, 2, o), W(y, 1, o);                  \
	      W(x, 2, o), NOTHING, NOTHING)
				W22(w22_rlx, RLX) W22(w22_rel, REL) W22(w22_sc, SC)

/* S: the last write of x is the one that comes before the message. */
#define S(name, w, rd)                                                                             \
	shape(name, r[0] << 1 | (x == 2), W(x, 2, RLX); W(y, 1, w), R(0, y, rd);                   \
	      W(x, 1, RLX), NOTHING, NOTHING)
					S(s_rlx, RLX, RLX) S(s_ra, REL, ACQ)

/* R: a write and a read against two writes. */
#define RR(name, o, ro, fence)                                                                     \
	shape(name, r[0] << 1 | (y == 2), W(x, 1, o); fence; W(y, 1, o), W(y, 2, o); fence;        \
	      R(0, x, ro), NOTHING, NOTHING)
						RR(r_rlx, RLX, RLX, NOTHING)
							RR(r_ra, REL, ACQ, NOTHING)
								RR(r_sc, SC, SC, NOTHING)
									RR(r_fence, RLX, RLX, F(SC))

	/* Release sequences: an exchange continues one, a store of another thread or value ends it.
	 */
	shape(rs_rmw, r[0] * 2 + r[1], W(x, 1, RLX);
	      W(y, 1, REL), __atomic_fetch_add(&y, 1, RLX), R(0, y, ACQ); R(1, x, RLX), NOTHING)
		shape(rs_store, r[0] * 2 + r[1], W(x, 1, RLX); W(y, 1, REL);
		      W(y, 2, RLX), NOTHING, R(0, y, ACQ); R(1, x, RLX), NOTHING)

	/* Exchanges are atomic: of three that count none is lost, of two that compare one wins. */
	shape(rmw_count, x, __atomic_fetch_add(&x, 1, RLX), __atomic_fetch_add(&x, 1, RLX),
	      __atomic_fetch_add(&x, 1, RLX),
	      NOTHING) shape(rmw_claim, r[0] + r[1] + r[2], keep(0, cas(&x, 0, 1)),
			     keep(1, cas(&x, 0, 2)), keep(2, cas(&x, 0, 3)), NOTHING)
		shape(rmw_store, x, __atomic_fetch_add(&x, 1, RLX), W(x, 4, RLX), NOTHING, NOTHING)

/* Plain data behind a flag: no race with release and acquire, else one. */
#define DATA(name, w, rd)                                                                          \
	shape(name, r[0] << 1 | (r[0] ? r[1] : 0), data = 1; W(y, 1, w), R(0, y, rd);              \
	      if (kept(0)) keep(1, data), NOTHING, NOTHING)
			DATA(data_ra, REL, ACQ) DATA(data_rlx, RLX, ACQ)
				DATA(data_rel_rlx, REL, RLX)
	/* A read that a later write may overtake. */
	shape(data_read, 0, R(0, data, RLX); W(y, 1, RLX), R(1, y, ACQ);
	      if (kept(1)) W(data, 1, RLX), NOTHING, NOTHING) static APART void setup_data(void)
{
	setup();
	weak_data(&data, sizeof(data));
}

/* A loop that waits: it ends, and sees what was released. */
static void wait_for_flag(unsigned self)
{
	if (self == 0) {
		W(x, 1, RLX);
		W(y, 1, REL);
		W(y, 2, REL);
		return;
	}
	while (__atomic_load_n(&y, ACQ) != 2)
		weak_wait();
	R(0, x, RLX);
}

static APART void flag_seen(void)
{
	weak_result(weak_stuck(1) ? 2 : r[0]);
}

/* One that nobody ends. */
static void wait_in_vain(unsigned self)
{
	if (self == 0)
		W(y, 1, REL);
	else
		while (__atomic_load_n(&y, ACQ) != 2)
			weak_wait();
	keep(0, 1);
}

/* A spin lock: nobody is in it twice, and what it guards is not raced for. */
static void lock(unsigned self)
{
	(void)self;
	while (!cas(&x, 0, 1))
		weak_wait();
	data++;
	W(x, 0, REL);
}

static APART void counted(void)
{
	weak_result(data);
}

/* The parts of a word: a store to one does not lose one to the other. */
static union {
	uint64_t whole;
	struct {
		uint32_t low, high;
	} part;
} word;

static APART void setup_word(void)
{
	setup();
	word.whole = 0;
	weak_word(&word);
}

static void parts(unsigned self)
{
	uint64_t seen;

	switch (self) {
	case 0:
		W(word.part.low, 1, RLX);
		W(word.part.low, 2, RLX);
		break;
	case 1:
		W(word.part.high, 1, RLX);
		break;
	default:
		seen = __atomic_load_n(&word.whole, RLX);
		keep(0, (unsigned)(seen << 1 | seen >> 32));
	}
}

static APART void parts_seen(void)
{
	weak_check(word.whole == (1ull << 32 | 2), "a part is lost");
	weak_result(r[0]);
}

/* A choice. */
static void choose(unsigned self)
{
	keep(self, weak_choose(3));
}

static APART void chosen(void)
{
	weak_result(r[0] * 3 + r[1]);
}

#define B(i) (1ull << (i))
#define ALL(n) (B(n) - 1)
#define LITMUS(name, threads, must, never)                                                         \
	{                                                                                          \
#name, threads, setup, name, name##_result, must, never, 0, NULL                   \
	}

static const struct weak_test tests[] = {
	LITMUS(sb_rlx, 2, ALL(4), 0),
	LITMUS(sb_ra, 2, ALL(4), 0),
	LITMUS(sb_sc, 2, B(1) | B(2) | B(3), B(0)),
	LITMUS(sb_fence, 2, B(1) | B(2) | B(3), B(0)),
	LITMUS(sb_fence_ar, 2, ALL(4), 0),
	LITMUS(sb_sc_store, 2, ALL(4), 0),
	LITMUS(sb_sc_load, 2, ALL(4), 0),
	LITMUS(sb_mixed, 2, B(1) | B(2) | B(3), B(0)),
	LITMUS(sb_rmw, 2, ALL(4), 0),
	LITMUS(mp_rlx, 2, ALL(4), 0),
	LITMUS(mp_ra, 2, B(0) | B(1) | B(3), B(2)),
	LITMUS(mp_rel_rlx, 2, ALL(4), 0),
	LITMUS(mp_rlx_acq, 2, ALL(4), 0),
	LITMUS(mp_fences, 2, B(0) | B(1) | B(3), B(2)),
	LITMUS(mp_fence_acq, 2, B(0) | B(1) | B(3), B(2)),
	LITMUS(mp_rel_fence, 2, B(0) | B(1) | B(3), B(2)),
	LITMUS(mp_wrong_fences, 2, ALL(4), 0),
	LITMUS(mp_sc, 2, B(0) | B(1) | B(3), B(2)),
	LITMUS(mp_sc_data, 2, ALL(4), 0),
	LITMUS(lb_rlx, 2, B(0) | B(1) | B(2), B(3)),
	LITMUS(lb_ra, 2, B(0) | B(1) | B(2), B(3)),
	LITMUS(iriw_rlx, 4, ALL(16), 0),
	LITMUS(iriw_ra, 4, ALL(16), 0),
	LITMUS(iriw_sc, 4, ALL(16) & ~B(10), B(10)),
	LITMUS(iriw_fence, 4, ALL(16) & ~B(10), B(10)),
	LITMUS(wrc_rlx, 3, ALL(8), 0),
	LITMUS(wrc_ra, 3, ALL(8) & ~B(6), B(6)),
	LITMUS(isa2_rlx, 3, ALL(8), 0),
	LITMUS(isa2_ra, 3, ALL(8) & ~B(6), B(6)),
	LITMUS(corr, 2, B(0) | B(1) | B(2) | B(5) | B(6) | B(10), B(4) | B(8) | B(9)),
	LITMUS(cowr, 2, B(1) | B(2), B(0)),
	LITMUS(corw, 2, B(1) | B(2) | B(9), B(10)),
	LITMUS(coww, 1, B(2), B(1)),
	LITMUS(corr_two, 4, B(12) | B(3) | B(0), B(15)),
	LITMUS(w22_rlx, 2, ALL(4), 0),
	LITMUS(w22_rel, 2, ALL(4), 0),
	LITMUS(w22_sc, 2, B(0) | B(1) | B(2), B(3)),
	LITMUS(s_rlx, 2, ALL(4), 0),
	LITMUS(s_ra, 2, B(0) | B(1) | B(2), B(3)),
	LITMUS(r_rlx, 2, ALL(4), 0),
	LITMUS(r_ra, 2, ALL(4), 0),
	LITMUS(r_sc, 2, B(0) | B(2) | B(3), B(1)),
	LITMUS(r_fence, 2, B(0) | B(2) | B(3), B(1)),
	LITMUS(rs_rmw, 3, B(0) | B(1) | B(2) | B(3) | B(5), B(4)),
	LITMUS(rs_store, 3, B(0) | B(1) | B(3) | B(4) | B(5), B(2)),
	LITMUS(rmw_count, 3, B(3), ~B(3)),
	LITMUS(rmw_claim, 3, B(1), ~B(1)),
	LITMUS(rmw_store, 2, B(4) | B(5), B(1)),
	LITMUS(data_ra, 2, B(0) | B(3), B(1) | B(2)),
	{"data_rlx", 2, setup, data_rlx, data_rlx_result, 0, 0, 0, "data race"},
	{"data_rel_rlx", 2, setup, data_rel_rlx, data_rel_rlx_result, 0, 0, 0, "data race"},
	{"data_read", 2, setup_data, data_read, data_read_result, 0, 0, 0, "data race"},
	{"wait", 2, setup, wait_for_flag, flag_seen, B(1), B(0) | B(2), 0, NULL},
	{"wait in vain", 2, setup, wait_in_vain, flag_seen, B(2), B(0) | B(1), 0, NULL},
	{"lock", 3, setup, lock, counted, B(3), ~B(3), 0, NULL},
	{"parts", 3, setup_word, parts, parts_seen, ALL(6), 0, 0, NULL},
	{"choice", 2, setup, choose, chosen, ALL(9), 0, 0, NULL},
};

int main(int argc, char **argv)
{
	return weak_main(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
