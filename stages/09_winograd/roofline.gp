# SPDX-License-Identifier: MIT
# Kernels under the roof of one core, of a roofline.csv. Behind it stand the peak in GFLOPS
# and the memory's GB/s.
set terminal @wide
set title "Roofline"
set xlabel "operations a byte"
set ylabel "GFLOPS"
set logscale xy
set xrange [0.25:512]
set samples 200
roof(x) = x * ARG3 < ARG2 ? x * ARG3 : ARG2 + 0
plot roof(x) with lines linetype 1 title "the roof of one core", \
     ARG1 using 3:(strcol(2) eq "08" ? $4 : NaN) with points linetype 2 title "stage 08", \
     '' using 3:(strcol(2) eq "06" ? $4 : NaN) with points linetype 3 title "stage 06"
