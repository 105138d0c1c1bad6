/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "planner_impl.h"

static const struct sonde_layout_sources sources = {layouts_find, target_event_format};
const struct sonde_layout_sources *const sonde_layouts = &sources;
