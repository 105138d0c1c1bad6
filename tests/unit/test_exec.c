/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The executor on a table of calls that is made here (exec_calls.h), without a kernel.
 * tests/unit/test_exec_faults.c lets each call of whole plans fail.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/netlink_abi.h"
#include "loader/kernel/exec.h"
#include "loader/kernel/interface.h"
#include "loader/kernel/machine.h"
#include "loader/plan/abi.h"
#include "loader/plan/builder.h"
#include "loader/plan/check.h"

/* ---- the kernel ---- */

/* The results of bpf(2), call by call; the last one is repeated. */
static const long *results;
static unsigned n_results, calls, raised;
static uint64_t info[32];
static long info_result;
static const char *verifier; /* the verifier log, or NULL */
static bool blocked;         /* are signals? */

static long on_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	unsigned i = calls++;
	/* Nothing may interrupt what undoes. */
	assert_true(cmd != BPF_PROG_DETACH || blocked);
	char *log = (char *)(uintptr_t)(cmd == BPF_PROG_LOAD
						? abi_get_by_name(cmd, "log_buf", attr, size)
						: 0);
	if (log && verifier)
		strcpy(log, verifier);
	return results[i < n_results ? i : n_results - 1];
}

static long on_info(const struct sys_watch *w, int fd, void *to, uint32_t *size)
{
	(void)w, (void)fd;
	assert_true(*size <= sizeof info);
	if (!info_result)
		memcpy(to, info, *size);
	return info_result;
}

static long on_unlimit_memlock(void)
{
	raised++;
	return 0;
}

/* The link that RTM_GETLINK returns, or the errno, and the requests to change it. */
static uint8_t link_reply[256];
static int64_t link_result;
static unsigned requests;

int64_t __wrap_netlink_get(
	const uint8_t *message, size_t size, int family, uint8_t *reply, size_t room);

int64_t __wrap_netlink_get(
	const uint8_t *message, size_t size, int family, uint8_t *reply, size_t room)
{
	struct span sent = {message, size, host_is_big()};
	assert_int_equal(family, 0);
	assert_int_equal(span_u16(sent, NLMSG_TYPE), RTM_GETLINK);
	assert_int_equal(span_u32(sent, NLMSG_HEADER + IFINFO_INDEX), 7);
	assert_true(link_result <= (int64_t)room);
	if (link_result > 0)
		memcpy(reply, link_reply, (size_t)link_result);
	return link_result;
}

static int64_t on_netlink_request(const uint8_t *message, size_t size, int family, size_t echo)
{
	assert_int_equal(family, 0);
	assert_int_equal(echo, 0);
	assert_int_equal(size, 4);
	assert_memory_equal(message, "off", 4);
	requests++;
	return 0;
}

static void *on_mmap(void *at, size_t size, int flags, int fd, int *error)
{
	void *p = mmap(at, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	*error = errno;
	return p == MAP_FAILED ? NULL : p;
}

static void on_munmap(void *at, size_t size)
{
	munmap(at, size);
}

static long on_close(int fd)
{
	(void)fd;
	return 0;
}

static void on_sigprocmask(int how, const sigset_t *set, sigset_t *before)
{
	(void)set, (void)before;
	blocked = how == SIG_BLOCK;
}

/* No call but these is expected; the others crash. */
static const struct exec_calls simulated = {
	.bpf = on_bpf,
	.info = on_info,
	.unlimit_memlock = on_unlimit_memlock,
	.netlink_request = on_netlink_request,
	.sigprocmask = on_sigprocmask,
	/* These read replies, or only memory. */
	.interface_has_xdp = interface_has_xdp,
	.machine_facts = machine_facts,
	.now_ns = sys_now_ns,
	.mmap = on_mmap,
	.munmap = on_munmap,
	.close = on_close,
};
static const struct exec_report to_simulated = {.calls = &simulated};

/* ---- plans ---- */

struct made {
	struct arena arena;
	struct plan p;
	struct plan_builder b;
	struct err e;
};

static const struct plan_step like = {.who = "map 'm'", .doing = "create"};

static void begin(struct made *m)
{
	*m = (struct made){0};
	m->p = (struct plan){.arena = &m->arena, .path = "x.bpf.o", .big = host_is_big()};
	m->b = (struct plan_builder){.plan = &m->p, .e = &m->e};
	calls = raised = requests = 0;
	memset(info, 0, sizeof info);
}

/* Runs it; returns the errno of the failure, or 0. */
static int run(struct made *m)
{
	struct exec x;
	struct kfs k = {0};
	const char *log;
	assert_false(m->b.failed);
	bool ok = exec_run(&x, &m->p, &m->arena, &k, NULL, &to_simulated, &log, &m->e);
	if (ok)
		exec_close(&x, &m->e);
	assert_int_equal(ok, !m->e.set);
	assert_false(blocked);
	return m->e.no;
}

static void end(struct made *m)
{
	arena_free(&m->arena);
}

/* One bpf(2) call with these results. */
static int call(uint16_t flags, const long *list, unsigned n)
{
	struct made m;
	begin(&m);
	results = list;
	n_results = n;
	int16_t step = plan_add_step(&m.b, STEP_BPF, BPF_MAP_CREATE, PLAN_NONE, &like);
	plan_step_at(&m.b, step)->flags |= flags;
	int no = run(&m);
	end(&m);
	return no;
}

#define CALL(flags, ...)                                                                           \
	call(flags, (const long[]){__VA_ARGS__}, sizeof((long[]){__VA_ARGS__}) / sizeof(long))

/* ---- tests ---- */

/* A pending signal interrupts the verifier: exactly five attempts. */
static void interrupted(void **state)
{
	(void)state;
	assert_int_equal(CALL(0, 0), 0);
	assert_int_equal(calls, 1);
	assert_int_equal(CALL(0, -EAGAIN, -EAGAIN, 0), 0);
	assert_int_equal(calls, 3);
	assert_int_equal(CALL(0, -EAGAIN, -EAGAIN, -EAGAIN, -EAGAIN, 0), 0);
	assert_int_equal(calls, 5);
	assert_int_equal(CALL(0, -EAGAIN, -EAGAIN, -EAGAIN, -EAGAIN, -EAGAIN, 0), EAGAIN);
	assert_int_equal(calls, 5);
	assert_int_equal(CALL(0, -EINTR, 0), EINTR);
	assert_int_equal(calls, 1);
}

/* Only EPERM can mean RLIMIT_MEMLOCK, and only for objects charged to it. */
static void locked_memory(void **state)
{
	(void)state;
	assert_int_equal(CALL(STEP_MEMLOCK, -EPERM, 0), 0);
	assert_int_equal(calls, 2);
	assert_int_equal(raised, 1);
	assert_int_equal(CALL(STEP_MEMLOCK, -EPERM), EPERM);
	assert_int_equal(calls, 2);
	assert_int_equal(CALL(0, -EPERM, 0), EPERM);
	assert_int_equal(calls, 1);
	static const int others[] = {ENOMEM, EACCES, EINVAL, E2BIG};
	for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
		assert_int_equal(CALL(STEP_MEMLOCK, -others[i], 0), others[i]);
		assert_int_equal(calls, 1);
		assert_int_equal(raised, 0);
	}
}

/* The limit is raised once per plan: a second EPERM means something else. */
static void locked_memory_once(void **state)
{
	(void)state;
	struct made m;
	begin(&m);
	results = (const long[]){-EPERM, 0, -EPERM, 0};
	n_results = 4;
	for (int i = 0; i < 2; i++) {
		int16_t step = plan_add_step(&m.b, STEP_BPF, BPF_MAP_CREATE, PLAN_NONE, &like);
		plan_step_at(&m.b, step)->flags |= STEP_MEMLOCK;
	}
	assert_int_equal(run(&m), EPERM);
	assert_int_equal(calls, 3);
	assert_int_equal(raised, 1);
	end(&m);
}

static void put_info(const char *name, uint64_t value)
{
	struct abi_field f;
	assert_true(abi_field_by_name(ABI_MAP_INFO, name, &f));
	assert_true(abi_put(&f, info, sizeof info, value));
}

/* Compares a pinned map, one field of which is changed, with its definition. */
static int same_map(const char *field, uint64_t value)
{
	struct made m;
	begin(&m);
	put_info("type", BPF_MAP_TYPE_HASH);
	put_info("key_size", 4);
	put_info("value_size", 8);
	put_info("max_entries", 100);
	put_info("map_flags", BPF_F_NO_PREALLOC);
	put_info("map_extra", 3);
	if (field)
		put_info(field, value);
	results = (const long[]){-ENOENT};
	n_results = 1;
	int16_t create = plan_add_step(&m.b, STEP_BPF, BPF_MAP_CREATE, PLAN_NONE, &like);
	attr_set(&m.b, create, ATTR(map_type), BPF_MAP_TYPE_HASH);
	attr_set(&m.b, create, ATTR(key_size), 4);
	attr_set(&m.b, create, ATTR(value_size), 8);
	attr_set(&m.b, create, ATTR(max_entries), 100);
	attr_set(&m.b, create, ATTR(map_flags), BPF_F_NO_PREALLOC);
	attr_set(&m.b, create, ATTR(map_extra), 3);
	plan_tolerate(&m.b, create, (uint16_t[PLAN_ERRS]){ENOENT});
	int16_t step = plan_add_step(&m.b, STEP_SAME, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(&m.b, step);
	s->args[0].value = 0;
	s->args[1].value = create;
	int no = run(&m);
	end(&m);
	return no;
}

static void a_pinned_map_that_differs(void **state)
{
	(void)state;
	assert_int_equal(same_map(NULL, 0), 0);
	assert_int_equal(same_map("type", BPF_MAP_TYPE_LRU_HASH), EEXIST);
	assert_int_equal(same_map("key_size", 8), EEXIST);
	assert_int_equal(same_map("value_size", 4), EEXIST);
	assert_int_equal(same_map("max_entries", 101), EEXIST);
	assert_int_equal(same_map("map_flags", 0), EEXIST);
	assert_int_equal(same_map("map_flags", BPF_F_NO_PREALLOC | BPF_F_RDONLY), EEXIST);
	assert_int_equal(same_map("map_extra", 0), EEXIST);
	/* The kernel sets this flag on device maps itself. */
	assert_int_equal(same_map("map_flags", BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG), 0);
}

/* A saved plan could patch any offset of its blob: plan_check() must reject what is out of
 * bounds. */
static bool patch_is_good(struct plan_patch patch)
{
	struct made m;
	begin(&m);
	int16_t slot = plan_add_slot(&m.b, SLOT_NUMBER, "n");
	int16_t blob = plan_add_blob(&m.b, NULL, 16, "attr");
	patch.index = (uint16_t)slot;
	plan_add_patch(&m.b, blob, patch);
	assert_false(m.b.failed);
	bool good = plan_check(&m.p, &m.e);
	assert_true(good || strstr(m.e.text, "patch 0 is out of range"));
	end(&m);
	return good;
}

static void patches_past_the_end(void **state)
{
	(void)state;
	assert_true(patch_is_good((struct plan_patch){.what = PATCH_SLOT, .at = 8, .size = 8}));
	assert_true(patch_is_good((struct plan_patch){.what = PATCH_SLOT, .at = 12, .size = 4}));
	assert_false(patch_is_good((struct plan_patch){.what = PATCH_SLOT, .at = 12, .size = 8}));
	assert_false(patch_is_good((struct plan_patch){.what = PATCH_SLOT, .at = 16, .size = 4}));
	assert_false(patch_is_good((struct plan_patch){.what = PATCH_SLOT, .at = 20, .size = 4}));
	assert_false(patch_is_good((struct plan_patch){.what = PATCH_SLOT, .at = 0, .size = 2}));
}

/* The initial contents of an arena, at an offset of a mapping of size bytes. */
static int arena_of(int fd, uint64_t size, uint64_t at)
{
	static const char data[] = "variables";
	struct made m;
	begin(&m);
	int16_t blob = plan_add_blob(&m.b, data, sizeof data, "data");
	int16_t step = plan_add_step(&m.b, STEP_ARENA, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(&m.b, step);
	s->args[0].value = fd;
	s->args[1].value = (int64_t)size;
	s->args[3].blob = blob;
	s->args[4].value = (int64_t)at;
	int no = run(&m);
	end(&m);
	return no;
}

static void contents_of_an_arena(void **state)
{
	(void)state;
	enum { SIZE = 8192, AT = 8192 - 10 };
	char bytes[SIZE], zeros[SIZE] = {0};
	int fd = memfd_create("arena", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, SIZE), 0);
	assert_int_equal(arena_of(fd, SIZE, AT + 1), EINVAL);
	assert_int_equal(arena_of(fd, SIZE, UINT64_MAX - 3), EINVAL);
	assert_int_equal(pread(fd, bytes, SIZE, 0), SIZE);
	assert_memory_equal(bytes, zeros, SIZE);
	assert_int_equal(arena_of(fd, SIZE, AT), 0);
	assert_int_equal(pread(fd, bytes, SIZE, 0), SIZE);
	assert_memory_equal(bytes, zeros, AT);
	assert_string_equal(bytes + AT, "variables");
	close(fd);
}

/* A step fails the plan unless it tolerates the errno. A fallback with another call does not
 * inherit the errnos that the first one tolerates. */
static void tolerated(void **state)
{
	static const struct {
		int first, second, fails;
	} cases[] = {{0, 0, 0}, {EEXIST, 0, 0}, {ENOSPC, 0, 0}, {EPERM, 0, EPERM},
		{EACCES, 0, EACCES}, {EINVAL, 0, 0}, {EINVAL, EEXIST, EEXIST},
		{EINVAL, EPERM, EPERM}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made m;
		const long list[] = {-cases[i].first, -cases[i].second};
		begin(&m);
		results = list;
		n_results = 2;
		int16_t step = plan_add_step(&m.b, STEP_BPF, BPF_OBJ_GET, PLAN_NONE, &like);
		plan_tolerate(&m.b, step, (uint16_t[PLAN_ERRS]){EEXIST, ENOSPC});
		int16_t other = plan_add_step(&m.b, STEP_BPF, BPF_OBJ_PIN, PLAN_NONE, &like);
		plan_step_at(&m.b, other)->fallback_for = step;
		plan_step_at(&m.b, other)->errs[0] = EINVAL;
		assert_int_equal(run(&m), cases[i].fails);
		end(&m);
	}
}

/* Loads a program, with a log after any error, and without BTF after E2BIG. Returns the errno. */
static int load_with(const char *log, const long *list, unsigned n)
{
	struct made m;
	begin(&m);
	verifier = log;
	results = list;
	n_results = n;
	int16_t step = plan_add_step(&m.b, STEP_BPF, BPF_PROG_LOAD, PLAN_NONE, &like);
	attr_set(&m.b, step, ATTR(insn_cnt), 2);
	int16_t again = plan_add_fallback(&m.b, step, "log", (uint16_t[PLAN_ERRS]){ERRS_ANY});
	plan_step_at(&m.b, again)->flags |= STEP_LOG;
	attr_blob(&m.b, again, ATTR(log_buf), plan_add_output(&m.b, 4096, "log"));
	plan_add_fallback(&m.b, step, "without types", (uint16_t[PLAN_ERRS]){E2BIG});
	int no = run(&m);
	end(&m);
	verifier = NULL;
	return no;
}

static void the_verifiers_word_is_the_last(void **state)
{
	(void)state;
	/* The kernel lacks a field: nothing was verified, and the older form succeeds. */
	assert_int_equal(load_with(NULL, (const long[]){-E2BIG, -E2BIG, 0}, 3), 0);
	assert_int_equal(calls, 3);
	/* The program is too large: no other form succeeds. */
	assert_int_equal(load_with("BPF program is too large. Processed 1000001 insn\n",
				 (const long[]){-E2BIG, -E2BIG, 0}, 3),
		E2BIG);
	assert_int_equal(calls, 2);
}

static size_t put_attribute(size_t at, uint16_t type, const void *value, size_t n)
{
	bytes_put(link_reply + at, 2, host_is_big(), NLA_HEADER + n);
	bytes_put(link_reply + at + 2, 2, host_is_big(), type);
	memcpy(link_reply + at + NLA_HEADER, value, n);
	return at + NLA_HEADER + (n + 3) / 4 * 4;
}

/* Interface 7 has the mode (0: none told), and programs with these ids in XDP attributes (0: none). */
static void put_link(uint8_t mode, uint16_t kind, uint32_t id, uint16_t other_kind, uint32_t other)
{
	size_t xdp = NLMSG_HEADER + IFINFO_SIZE, at = xdp + NLA_HEADER;
	memset(link_reply, 0, sizeof link_reply);
	at = put_attribute(at, IFLA_XDP_ATTACHED, &mode, 1);
	if (id)
		at = put_attribute(at, kind, &id, 4);
	if (other)
		at = put_attribute(at, other_kind, &other, 4);
	bytes_put(link_reply + xdp, 2, host_is_big(), at - xdp);
	bytes_put(link_reply + xdp + 2, 2, host_is_big(), IFLA_XDP | NLA_F_NESTED);
	link_result = (int64_t)at;
}

/* Removes the program with id 42 (0: the kernel does not tell it) from interface 7. Returns whether
 * it was removed. */
static bool removed(uint32_t id, int errno_of_info)
{
	struct made m;
	struct abi_field f;
	begin(&m);
	assert_true(abi_field_by_name(ABI_PROG_INFO, "id", &f));
	assert_true(abi_put(&f, info, sizeof info, id));
	info_result = -errno_of_info;
	int16_t step = plan_add_step(&m.b, STEP_XDP_OFF, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(&m.b, step);
	s->args[0].blob = plan_add_blob(&m.b, "off", 4, "message");
	s->args[1].value = 7;
	s->args[2].value = 3;
	int no = run(&m);
	end(&m);
	info_result = 0;
	assert_int_equal(requests, !no);
	return !no;
}

/* An interface has one program: another process may have replaced this one, which must stay. */
static void only_its_own_xdp_program(void **state)
{
	(void)state;
	put_link(1, IFLA_XDP_PROG_ID, 42, 0, 0);
	assert_true(removed(42, 0));
	assert_false(removed(43, 0));
	assert_false(removed(42, EPERM));
	put_link(1, IFLA_XDP_PROG_ID, 43, 0, 0);
	assert_false(removed(42, 0));
	put_link(4, IFLA_XDP_DRV_PROG_ID, 43, IFLA_XDP_SKB_PROG_ID, 42); /* one in each mode */
	assert_true(removed(42, 0));
	put_link(4, IFLA_XDP_DRV_PROG_ID, 43, IFLA_XDP_SKB_PROG_ID, 44);
	assert_false(removed(42, 0));
	put_link(0, 0, 0, 0, 0);
	assert_false(removed(42, 0));
	link_result = -ENODEV; /* the interface was removed */
	assert_false(removed(42, 0));
}

/* Before 4.13, nothing tells an id. */
static void an_xdp_program_without_id(void **state)
{
	(void)state;
	put_link(1, 0, 0, 0, 0);
	assert_true(removed(0, EINVAL));
	put_link(0, 0, 0, 0, 0);
	assert_false(removed(0, EINVAL));
}

static int steps_left;

static bool goes_on(void *ctx, const struct plan *p, size_t step)
{
	(void)ctx;
	(void)p;
	(void)step;
	return steps_left-- > 0;
}

/* Two steps are undone: one fails for good, the other once, as calls 3 to 5, and 6 and 7. */
static int undo_fails(const long *r, unsigned n, struct made *m)
{
	struct exec x;
	struct kfs k = {0};
	const char *log;
	static const struct plan_step other = {.who = "program 'p'", .doing = "attach"};
	begin(m);
	results = r;
	n_results = n;
	int16_t step = plan_add_step(&m->b, STEP_BPF, BPF_PROG_ATTACH, PLAN_NONE, &like);
	plan_add_undo(&m->b, STEP_BPF, BPF_PROG_DETACH, step);
	step = plan_add_step(&m->b, STEP_BPF, BPF_PROG_ATTACH, PLAN_NONE, &other);
	plan_add_undo(&m->b, STEP_BPF, BPF_PROG_DETACH, step);
	assert_true(exec_run(&x, &m->p, &m->arena, &k, NULL, &to_simulated, &log, &m->e));
	bool ok = exec_close(&x, &m->e);
	assert_int_equal(ok, !m->e.set);
	return m->e.no;
}

static void what_stays_is_told(void **state)
{
	struct made m;
	(void)state;
	assert_int_equal(
		undo_fails((const long[]){0, 0, -EBUSY, -EBUSY, -EBUSY, -EPERM, 0}, 7, &m), EBUSY);
	assert_int_equal(calls, 7);
	assert_non_null(strstr(m.e.text, "program 'p': detach: EBUSY: "));
	assert_null(strstr(m.e.text, "EPERM"));
	assert_non_null(strstr(m.e.hint, "sonde detach"));
	end(&m);
	/* Somebody else has removed both. */
	assert_int_equal(undo_fails((const long[]){0, 0, -ENOENT, -EINVAL, -ENODEV}, 5, &m), 0);
	end(&m);
}

/* An error that is being reported keeps its text and hint. */
static void what_stays_after_a_failure(void **state)
{
	struct made m;
	(void)state;
	begin(&m);
	results = (const long[]){0, -EPERM, -ENOMEM};
	n_results = 3;
	int16_t step = plan_add_step(&m.b, STEP_BPF, BPF_PROG_ATTACH, PLAN_NONE, &like);
	plan_add_undo(&m.b, STEP_BPF, BPF_PROG_DETACH, step);
	plan_add_step(&m.b, STEP_BPF, BPF_MAP_CREATE, PLAN_NONE, &like);
	assert_int_equal(run(&m), EPERM);
	assert_non_null(strstr(m.e.text, "map 'm': create: EPERM: "));
	assert_non_null(strstr(m.e.text, "; map 'm': detach: ENOMEM: "));
	end(&m);
}

/* A signal between two steps: the first is undone, the second is not executed. */
static void a_signal_between_steps(void **state)
{
	struct made m;
	struct exec x;
	struct kfs k = {0};
	const char *log;
	const struct exec_report report = {.go_on = goes_on, .calls = &simulated};
	(void)state;
	begin(&m);
	results = (const long[]){0};
	n_results = 1;
	int16_t step = plan_add_step(&m.b, STEP_BPF, BPF_PROG_ATTACH, PLAN_NONE, &like);
	plan_add_undo(&m.b, STEP_BPF, BPF_PROG_DETACH, step);
	plan_add_step(&m.b, STEP_BPF, BPF_PROG_ATTACH, PLAN_NONE, &like);
	steps_left = 2; /* the undo step counts, though it is skipped */
	assert_false(exec_run(&x, &m.p, &m.arena, &k, NULL, &report, &log, &m.e));
	assert_int_equal(calls, 2);
	assert_non_null(strstr(m.e.text, "interrupted by a signal"));
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tolerated),
		cmocka_unit_test(the_verifiers_word_is_the_last),
		cmocka_unit_test(a_signal_between_steps),
		cmocka_unit_test(what_stays_is_told),
		cmocka_unit_test(what_stays_after_a_failure),
		cmocka_unit_test(interrupted),
		cmocka_unit_test(locked_memory),
		cmocka_unit_test(locked_memory_once),
		cmocka_unit_test(a_pinned_map_that_differs),
		cmocka_unit_test(patches_past_the_end),
		cmocka_unit_test(contents_of_an_arena),
		cmocka_unit_test(only_its_own_xdp_program),
		cmocka_unit_test(an_xdp_program_without_id),
	};
	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
