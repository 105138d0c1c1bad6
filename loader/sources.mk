# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The sources, by room. Every Makefile compiles these; #include paths start at the top folder.
ELF_SOURCES := $(wildcard elf/*/*.c)
LIB_SOURCES := $(ELF_SOURCES) $(wildcard loader/*.c) \
	$(wildcard $(patsubst %,loader/%/*.c,value plan planner hook detach kernel sandbox symbols trace show explain live pack boot doctor trial))
# What a program needs that loads and attaches: nothing that finds record types, shows or explains.
EMBED_SOURCES := $(filter-out elf/records/% elf/native/%,$(ELF_SOURCES)) $(wildcard loader/*.c) \
	$(wildcard $(patsubst %,loader/%/*.c,value plan planner hook kernel symbols))
CMD_SOURCES := $(wildcard loader/cmd/*.c)
# The runner of packed files is a program of its own.
RUNNER_SOURCES := $(wildcard loader/runner/*.c) loader/show/utf8.c elf/base/duration.c
INCLUDES    := -I.
