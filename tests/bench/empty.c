/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The cost of the C library and the file format alone. */
int main(void)
{
	return 0;
}
