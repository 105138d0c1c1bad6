/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stop.h"

#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>
#include <ucontext.h>
#include <sys/time.h>
#include <unistd.h>

enum { FIRST_US = 500000, EVERY_US = 100000 };

/* The only mutable globals of the program: a handler has no other way to tell anybody. */
static volatile sig_atomic_t caught, again; /* the first signal; has another one come? */
static int wake = -1;

static const uint8_t signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2,
	SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT};

static void on_signal(int number)
{
	static const struct itimerval timer = {{0, EVERY_US}, {0, FIRST_US}};
	int saved = errno;
	if (caught) {
		again = again || number != SIGALRM; /* the timer's only interrupts what blocks */
	} else {
		caught = number;
		setitimer(ITIMER_REAL, &timer, NULL);
		(void)!write(wake, "", 1); /* if it fails, stop_requested() still tells */
	}
	errno = saved;
}

/* The result of the system call that a signal has interrupted. */
static void set_result(ucontext_t *c, long result)
{
#if defined __x86_64__
	c->uc_mcontext.gregs[REG_RAX] = result;
#elif defined __aarch64__
	c->uc_mcontext.regs[0] = (unsigned long)result;
#elif defined __arm__
	c->uc_mcontext.arm_r0 = (unsigned long)result;
#elif defined __s390x__
	c->uc_mcontext.gregs[2] = (unsigned long)result;
#elif defined __riscv
	c->uc_mcontext.__gregs[10] = (unsigned long)result;
#elif defined __i386__
	c->uc_mcontext.gregs[REG_EAX] = (int)result;
#elif defined __powerpc64__
	c->uc_mcontext.gp_regs[3] = (unsigned long)-result;
	c->uc_mcontext.gp_regs[38] |= 1u << 28; /* CR0.SO: r3 is an errno */
#elif defined __mips__
	c->uc_mcontext.gregs[2] = (unsigned long long)-result;
	c->uc_mcontext.gregs[7] = 1; /* v0 is an errno */
#else
	abort(); /* there is no filter on other architectures */
#endif
}

/* Called where the system call is, and not at any time: it may call whatever that place may. */
static void on_denied(int number, siginfo_t *info, void *context)
{
	char line[160];
	int n = text_print(line, sizeof line,
		"sonde: sandbox: system call %d was denied: a bug of sonde, or an attack\n"
		"hint: --no-sandbox allows all of them\n",
		info->si_syscall);
	if (caught != SIGSYS)
		(void)!write(STDERR_FILENO, line, (size_t)n);
	on_signal(number);
	caught = SIGSYS;
	set_result(context, -EPERM);
}

static void catch_one(int number)
{
	/* The timer's signal interrupts what blocks; the others leave it that half second. */
	struct sigaction before,
		ours = {.sa_handler = on_signal, .sa_flags = number == SIGALRM ? 0 : SA_RESTART};
	sigfillset(&ours.sa_mask);
	bool asks = number == SIGINT || number == SIGTERM;
	if (!sigaction(number, &ours, &before) && !asks && before.sa_handler != SIG_DFL)
		sigaction(number, &before, NULL);
}

int stop_catch(void)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	wake = ends[1];
	struct sigaction denied = {.sa_sigaction = on_denied, .sa_flags = SA_SIGINFO};
	sigfillset(&denied.sa_mask);
	sigaction(SIGSYS, &denied, NULL);
	for (size_t i = 0; i < sizeof signals; i++)
		catch_one(signals[i]);
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
		catch_one(number);
	return ends[0];
}

static void on_child(int number)
{
	int saved = errno;
	(void)number;
	(void)!write(wake, "", 1);
	errno = saved;
}

void stop_with_children(void)
{
	struct sigaction ended = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	sigaction(SIGCHLD, &ended, NULL);
}

bool stop_requested(void)
{
	return caught != 0;
}

bool stop_insisted(void)
{
	return again != 0;
}

bool stop_denied(void)
{
	return caught == SIGSYS;
}

int stop_finish(int status)
{
	sigset_t one;
	int number = caught;
	if (stop_denied())
		return EXIT_FAILURE;
	if (!number || number == SIGINT || number == SIGTERM || number == SIGHUP)
		return status;
	signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	raise(number);
	return status;
}
