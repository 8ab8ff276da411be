# SPDX-License-Identifier: MIT
# Benchmarks over a size: a column for each behind that of the sizes. What was measured,
# over which size and in which unit may stand behind the file.
set terminal @wide
set key autotitle columnhead
set title ARG2
set xlabel ARG3
set ylabel ARG4
set logscale y
stats ARG1 using 1 nooutput
if (STATS_max > 8 * STATS_min) { set logscale x }
curve = drawn(STATS_records)
plot for [column = 2:STATS_columns] ARG1 using 1:column with @curve
