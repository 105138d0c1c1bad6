/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the C library and the file format take before a program has done anything. */
int main(void)
{
	return 0;
}
