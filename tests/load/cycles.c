/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cycles COUNT OBJECT...: in this process, attaches and detaches all objects COUNT times with libsonde.
 * Prints what is used after a tenth of that and at the end, and fails if it has grown: descriptors, memory
 * of the process, and memory of the kernel that it does not give back.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonde.h"

enum { PROCESS_KB = 256, KERNEL_KB = 4096 /* of which other processes need some */ };

struct used {
	long descriptors, process, kernel; /* KB */
};

/* The sum of the numbers in lines that begin with one of two names. */
static long sum(const char *path, const char *name, const char *other)
{
	char line[200];
	long total = 0;
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, name, strlen(name)) || !strncmp(line, other, strlen(other)))
			total += atol(strpbrk(line, " \t"));
	if (f)
		fclose(f);
	return total;
}

static struct used measure(void)
{
	struct used u = {0};
	sleep(3); /* programs and maps are freed after a grace period of RCU */
	DIR *d = opendir("/proc/self/fd");
	while (d && readdir(d))
		u.descriptors++;
	if (d)
		closedir(d);
	u.process = sum("/proc/self/status", "RssAnon:", "RssAnon:");
	u.kernel = sum("/proc/meminfo", "SUnreclaim:", "Percpu:");
	return u;
}

static int cycle(char **objects)
{
	struct sonde_error e;
	for (; *objects; objects++) {
		struct sonde *s = sonde_open(*objects, NULL, &e);
		int ok = s && sonde_attach(s, &e);
		sonde_close(s);
		if (!ok) {
			fprintf(stderr, "%s\n", e.text);
			return 0;
		}
	}
	return 1;
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[1]) : 0;
	struct used before = {0};
	for (int i = 0; i < count; i++) {
		if (i == count / 10)
			before = measure();
		if (!cycle(argv + 2))
			return 1;
	}
	struct used after = measure();
	printf("%d cycles: %ld descriptors, then %ld; process %ld KB, then %ld; kernel %ld KB, "
	       "then %ld\n",
		count, before.descriptors, after.descriptors, before.process, after.process,
		before.kernel, after.kernel);
	return after.descriptors != before.descriptors ||
	       after.process > before.process + PROCESS_KB ||
	       after.kernel > before.kernel + KERNEL_KB;
}
