# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Reads a linker map and prints the contribution of each input file to the program, in bytes:
#
#   CODE CONSTANTS DATA FILE
#
# DATA includes zero-initialised data, which is not stored in the file. The space from the start of
# one piece to the start of the next counts for the first, padding included, because the sizes that
# ld lists for string constants are sometimes those before merging.

# Discarded sections are listed before the map.
/^Linker script and memory map/ { mapped = 1 }
!mapped { next }

# ".text  ADDRESS  SIZE", or a long name on a line of its own
/^[.a-zA-Z]/ {
	charge(end)
	file = name = ""
	kind = kind_of($1)
	open = kind != "" && NF < 3
	if (NF >= 3)
		end = number($2) + number($3)
}
open && /^ +0x[0-9a-f]+ +0x[0-9a-f]+/ {
	end = number($1) + number($2)
	open = 0
	next
}
# " .text.name  ADDRESS  SIZE  FILE", or the name on a line of its own
/^ [.A-Z]/ && NF == 1 {
	name = $1
	next
}
/^ [.A-Z]/ && $2 ~ /^0x/ && $3 ~ /^0x/ { piece($2, $3, 4) }
/^ +0x[0-9a-f]+ +0x[0-9a-f]+ / && name != "" { piece($1, $2, 3) }
{ name = "" }

END {
	charge(end)
	for (file in seen)
		print size[file, "code"] + 0, size[file, "constants"] + 0, size[file, "data"] + 0, file
}

function kind_of(name) {
	if (name ~ /^\.(text|init|fini|plt)$/)
		return "code"
	if (name ~ /^\.(rodata|eh_frame|eh_frame_hdr|gcc_except_table|note.*)$/)
		return "constants"
	if (name ~ /^\.(data|bss|tdata|tbss|got|init_array|fini_array|preinit_array)/)
		return "data"
	return ""
}

function piece(address, bytes, field) {
	if (kind == "" || bytes == "0x0" || number(address) == 0)
		return
	charge(number(address))
	start = number(address)
	# The rest of the line: file names may contain blanks.
	file = $field
	while (++field <= NF)
		file = file " " $field
}

# Ends the piece that began at start.
function charge(here) {
	if (file == "" || kind == "")
		return
	seen[file] = 1
	size[file, kind] += here - start
}

# Parses 0x1a2b; not every awk has strtonum.
function number(text,   i, n) {
	for (i = 3; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}
