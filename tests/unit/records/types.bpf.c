/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Every kind of type, for both BTF and DWARF. */
#include "records.bpf.h"

enum color { RED = -1, GREEN, BLUE = 7 };
enum __attribute__((packed)) small { S1, S2 = 200 };
enum unsigned_one { U1 = 0xf0000000, U2 = 5 };
enum large { L1 = 1, L2 = 0x123456789a };

struct pair {
	int a, b;
};
union either {
	__u32 word;
	char bytes[4];
	struct pair *pair;
};
typedef struct {
	char on[12];
} anon_t;
typedef __u32 grid_t[2][3];

struct bits {
	__u8 a : 3;
	__u8 b : 5;
	__u32 c : 17;
	int d : 4;
	__u64 e : 33;
	__u64 f : 31;
	unsigned g : 1;
	unsigned : 5;
	unsigned h : 1;
	_Bool i : 1;
	enum color j : 4;
};
struct packed_bits {
	char x;
	int a : 7;
	int b : 13;
	long c : 40;
} __attribute__((packed));
struct aligned {
	char c;
	long x __attribute__((aligned(32)));
};
struct inner_flex {
	int n;
	char data[];
};
struct node {
	struct node *next;
	struct node **all;
	struct {
		int x;
	} y;
};

struct task_struct;

struct everything {
	char c;
	signed char sc;
	unsigned char uc;
	short s;
	unsigned short us;
	int i;
	unsigned u;
	long l;
	unsigned long ul;
	long long ll;
	unsigned long long ull;
	_Bool b;
	float f;
	double dbl;
	__s8 s8;
	__u64 u64;
	__be32 be;
	enum color col;
	enum small sm;
	enum unsigned_one un;
	enum large large;
	char text[16];
	__u8 mac[6];
	int m[2][3][4];
	grid_t grid;
	grid_t grids[5];
	const char *p;
	void *v;
	const void *cv;
	struct task_struct *task;
	struct pair *pp;
	int (*fn)(int, char *);
	int (*table[3])(void);
	char (*row)[7];
	const int ci;
	volatile int vi;
	const volatile __u16 cvi;
	int *const restrict rp;
	struct pair pair;
	union either either;
	anon_t anon;
	struct bits bits;
	struct packed_bits packed;
	struct aligned aligned;
	struct node node;
	struct {
		int in;
		union {
			__u32 x;
			struct {
				__u16 lo, hi;
			};
		};
	} named;
	struct {
		int unnamed1;
	};
	union {
		int unnamed2;
		float unnamed3;
	};
	struct {
	} empty;
	struct inner_flex flex;
};

struct everything everything;

PROG(uses)
{
	return everything.l;
}
