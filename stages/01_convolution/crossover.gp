# SPDX-License-Identifier: MIT
# Three ways to convolve against the size f of the kernel, of a crossover.csv. What was
# convolved may stand behind it.
set terminal @wide
set key autotitle columnhead
set title ARG2
set xlabel "f"
set ylabel "time as a multiple of the FFT's"
set logscale y
stats ARG1 using 1 nooutput
curve = drawn(STATS_records)
plot for [way = 2:4] ARG1 using 1:way with @curve
