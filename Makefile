# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
#   make               build/sonde (static, musl) and the course programs, build/progs/*.bpf.o
#   make lib           build/libsonde.a, for C programs that include loader/sonde.h
#   make demo          run hello, execcount and opensnoop on this kernel (or in a virtual machine)
#   make check         unit tests, command-line tests, golden plans; no virtual machines; a minute
#   make mutants       introduce 20 small errors, each of which make check must detect
#   make test          all tests; ends with a line "N passed, N failed, N skipped"
#   make objects       what is shown for objects of other projects: docs/objects.md
#   make bench         sizes, memory, time, compared with peers: docs/bench.md; make bench-quick
#                      takes two minutes
#   make course        run the course's programs on five kernels: the table of docs/course.md
#   make conformance   compare with libbpf on third-party objects: docs/conformance.md.
#                      KERNELS="6.12 7.2" and ONLY=tailcall select a part
#   make fuzz          run each fuzzer for a minute (SECONDS=..., FOR="exec plan": only those;
#                      FAST=1: without sanitizers)
#   make analyse       static analysis with gcc -fanalyzer, cppcheck and clang-tidy
#   make provenance    check that the bytes do not depend on the folder; build/sonde.spdx.json
#   make faults        let each system call of typical runs fail, and signals arrive at it: hours;
#                      EVERY=20 tries one of 20
#   make load          full buffers, slow readers, full disks, clocks that jump; SECONDS=60 for each,
#                      ONLY="ring buffer": those with these words
#   make ARCH=arm64    build/arm64/sonde; also armhf, i386, ppc64le, riscv64, s390x
#   make install       binary, manual pages, completion, libsonde.a and headers into PREFIX
#                      (/usr/local), below DESTDIR; make uninstall removes them
#   make install-initramfs   hooks for initramfs-tools and dracut: docs/init.md
#   make deb           Debian packages, build/deb/*.deb; also with ARCH
#   make format        clang-format over all C files
#
# CC=... selects another compiler; unless its name contains "musl", the binary is dynamically linked.

ARCH ?=
comma := ,
OUT  := build$(if $(ARCH),/$(ARCH))
ifeq ($(origin CC),default)
CC := $(if $(ARCH),$(shell tests/sysroot $(ARCH)),musl-gcc)
endif
STATIC := $(if $(findstring musl,$(CC)),-static)
# Those passes of gcc make code larger that is executed once.
OPT      ?= -Oz $(if $(STATIC),-fno-ivopts -fno-tree-ch -fno-tree-loop-im -fno-ipa-modref)
SMALL    := $(if $(STATIC),-flto=auto -fno-asynchronous-unwind-tables -fno-unwind-tables)
# docs/security.md explains these. musl has no _FORTIFY_SOURCE.
HARDEN   := -fPIE -fstack-protector $(if $(STATIC),,-D_FORTIFY_SOURCE=2)
RELRO    := -z,relro,-z,now,-z,noexecstack,-z,separate-code
ifdef STATIC
# The linker packs the relocations of PIEs for x86-64 only, and the specs of musl-gcc know no static PIE:
# its start files are named here. crtbegin is left out, since there are no constructors.
RELRO    := $(RELRO),-pie,--no-dynamic-linker,-z,text,--hash-style=gnu
PACK     := $(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),$(comma)-z$(comma)pack-relative-relocs)
START    := -nostartfiles -Wl,-l:rcrt1.o,-l:crti.o
END      := -Wl,-l:crtn.o
endif
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wconversion -Wno-sign-conversion -Werror
CFLAGS    = -std=c11 -D_GNU_SOURCE $(INCLUDES) $(WARNINGS) $(OPT) $(SMALL) $(HARDEN) -ffunction-sections -fdata-sections $(EXTRA_CFLAGS)
LDFLAGS  := $(STATIC) $(OPT) $(SMALL) $(if $(STATIC),-flto-partition=one) $(HARDEN) $(if $(STATIC),,-pie) -Wl,$(RELRO)$(PACK),--gc-sections $(EXTRA_LDFLAGS)
PREFIX   ?= /usr/local

include loader/sources.mk
OBJECTS     := $(patsubst %.c,$(OUT)/obj/%.o,$(LIB_SOURCES) $(CMD_SOURCES)) $(if $(STATIC),$(OUT)/obj/own_runner.o)

.PHONY: all lib progs demo test course objects conformance bench bench-quick fuzz analyse provenance faults load \
	format clean deps
all: $(OUT)/sonde progs

$(OUT)/sonde: $(OBJECTS) loader/texts.ld loader/pack-texts
	$(CC) $(LDFLAGS) $(START) $(OBJECTS) $(END) $(if $(STATIC),-Wl$(comma)-T$(comma)loader/texts.ld) -o $@.debug
	$(if $(ARCH),llvm-strip,strip) -o $@ $@.debug
	$(if $(STATIC),loader/pack-texts $@)

# The runner of packed files: no libc, no data, no relocations (loader/runner/runner.ld).
RUNNER_FLAGS := -std=c11 -D_GNU_SOURCE $(INCLUDES) $(WARNINGS) -Oz -fno-ivopts -fno-tree-ch -fno-tree-loop-im \
	-ffreestanding -fpie -fvisibility=hidden -fomit-frame-pointer -fno-jump-tables -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-tree-loop-distribute-patterns -flto=auto -flto-partition=one
$(OUT)/runner: $(RUNNER_SOURCES) $(wildcard loader/runner/*.h) loader/runner/runner.ld loader/plan/packed_form.h Makefile
	@mkdir -p $(@D)
	$(CC) $(RUNNER_FLAGS) -nostdlib -static-pie \
		-Wl,--no-dynamic-linker,--build-id=none,-z,text,--gc-sections,-z,noexecstack,--no-warn-rwx-segments \
		-Wl,-T,loader/runner/runner.ld $(RUNNER_SOURCES) $(if $(filter riscv%,$(ARCH)),-mno-relax -Wl$(comma)--no-relax) -lgcc -o $@
	$(if $(ARCH),llvm-strip,strip) $@
$(OUT)/obj/own_runner.c: $(OUT)/runner loader/runner/embed
	@mkdir -p $(@D)
	loader/runner/embed $< >$@
$(OUT)/obj/own_runner.o: $(OUT)/obj/own_runner.c
	$(CC) $(CFLAGS) -c $< -o $@

# Compiled without link-time optimisation, so that embedders need no linker plugin.
LIBSONDE := $(patsubst %.c,$(OUT)/lib/%.o,$(EMBED_SOURCES))
lib: $(OUT)/libsonde.a
$(OUT)/libsonde.a: $(LIBSONDE)
	rm -f $@ && ar rcs $@ $^
$(OUT)/lib/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(filter-out -flto=auto,$(CFLAGS)) -MMD -MP -c $< -o $@

# Small and executed all the time: -Oz would clear memory byte by byte.
HOT := elf/base/arena elf/base/inflate loader/show/row_value loader/show/json_row loader/show/table_row
$(foreach file,$(HOT),$(OUT)/obj/$(file).o $(OUT)/lib/$(file).o): OPT := -O2

$(OUT)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(if $(STATIC),-DTEXTS_PACKED) -MMD -MP -c $< -o $@
-include $(OBJECTS:.o=.d) $(LIBSONDE:.o=.d)

include docs/Makefile.inc
include progs/Makefile.inc
progs: $(BPF_OBJECTS)

deps:
	@tests/deps build
demo: deps
	@$(MAKE) --no-print-directory -s all
	@tests/demo
check:
	@tests/deps check
	@tests/run --check
mutants:
	@tests/deps check
	@tests/mutants/run
test:
	@tests/deps test cross
	@tests/run
objects:
	@tests/objects/run
bench:
	@tests/deps test
	@tests/bench/run
bench-quick:
	@tests/deps test
	@tests/bench/run --quick

course:
	@tests/deps test
	@$(MAKE) --no-print-directory -s all
	@tests/course-table
conformance:
	@tests/deps conformance
	@tests/conformance/run $(if $(KERNELS),--kernels "$(KERNELS)") $(if $(KERNELS)$(ONLY),,--report) $(ONLY)
fuzz:
	@tests/deps test
	@FAST=$(FAST) tests/fuzz/run $(or $(SECONDS),60) $(FOR)

analyse:
	@tests/deps analyse
	@tests/analysis/run
provenance:
	@tests/deps check
	@tests/provenance
faults:
	@tests/deps test
	@tests/faults/run --every $(or $(EVERY),1)

load:
	@tests/deps test
	@tests/load/run $(or $(SECONDS),10) $(if $(ONLY),--only "$(ONLY)")

FORMATTED := $(shell find elf loader progs tests -name '*.[ch]')
format:
	@clang-format -i $(FORMATTED)
clean:
	rm -rf build
