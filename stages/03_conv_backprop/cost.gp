# SPDX-License-Identifier: MIT
# The cost of a kernel, image by image, of a cost.csv.
set terminal @wide
set title "Learning a kernel from what it does"
set xlabel "images seen"
set ylabel "cost"
set logscale y
stats ARG1 using 1 nooutput
curve = drawn(STATS_records)
plot ARG1 using 1:2 with @curve title "cost"
