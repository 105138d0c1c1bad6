# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# How unit tests and fuzzers compile elf/ and loader/: with sanitizers and counters of the branches taken,
# once for both. With `SANITIZE=` (make check), by gcc and without all that, which takes a third of the time.

include loader/sources.mk

OUT      ?= build/test
SANITIZE ?= -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
CC       := $(if $(SANITIZE),clang,gcc)
FLAGS    := -std=c11 -D_GNU_SOURCE $(INCLUDES) -g $(if $(SANITIZE),-O1,-O0 -Wno-maybe-uninitialized) -Wall -Wextra -Wshadow \
	-Wstrict-prototypes -Werror $(SANITIZE)

# Created from scratch, since ar would keep removed members.
$(OUT)/sonde.a: $(LIB_SOURCES:%.c=$(OUT)/obj/%.o)
	ar rcs $@.$$$$ $^ && mv $@.$$$$ $@

# A file that does not compile becomes an empty object, so that only tests that need it fail to link.
# builds.t reports the error.
$(OUT)/obj/%.o: %.c tests/objects.mk
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -MMD -MP -c $< -o $@ || \
		{ $(CC) -x c -c /dev/null -o $@ && touch -d @0 $@; }

.SECONDARY:
-include $(LIB_SOURCES:%.c=$(OUT)/obj/%.d)
