# SPDX-License-Identifier: MIT
# The error of a central difference against its step h, of a steps.csv.
set terminal @wide
set title "The error of a central difference"
set xlabel "step h"
set ylabel "relative error"
set logscale xy
plot ARG1 using 1:2 with linespoints title "dx, 6 x 6 x 3"
