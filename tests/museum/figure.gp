# SPDX-License-Identifier: MIT
# Draws docs/figures/museum.svg from museum.csv; run from the root by ./learn museum --all.
# Left: accuracy after training with the mistake, and of the correct network. Right: what
# the gradient check says.
set datafile separator ","
set terminal svg size 1000,1340 font "Helvetica,12" background "white"
set output "docs/figures/museum.svg"
data = "< grep -v ',-,' tests/museum/museum.csv"  # what is trained
stats data every ::1 using 5 nooutput
rows = STATS_records + STATS_invalid

tolerance = 1e-6
refused = 1e3
passes = "#2b6cb0"
fails = "#c2410c"
grey = "#9ca3af"
shown(e) = e > 1e2 ? refused : (e < 1e-11 ? 1e-11 : e)

set multiplot
set yrange [rows + 0.2:-0.8]  # first row on top
set tics nomirror
set border 1
set grid x y linecolor "#e5e7eb" linetype 1
set key horizontal maxrows 1 samplen 1 width -1
set tmargin at screen 0.93
set bmargin at screen 0.045

set lmargin at screen 0.25
set rmargin at screen 0.60
set xrange [0:100]
set format x "%g %%"
set label 1 "accuracy after a short training" at screen 0.25, screen 0.975 font ",14"
set key at screen 0.60, screen 0.955
plot data every ::1 using 6:0:ytic(1) with points pointtype 2 pointsize 0.8 \
       linecolor rgb grey title "correct", \
     '' every ::1 using ($5 >= 0 ? $5 : 1/0):0 with points pointtype 7 pointsize 0.7 \
       linecolor rgb "black" title "with the mistake", \
     '' every ::1 using ($5 < 0 ? 0 : 1/0):0 with points pointtype 1 pointsize 1 \
       linecolor rgb fails title "cost no number"

set lmargin at screen 0.64
set rmargin at screen 0.97
set key at screen 0.97, screen 0.955
set xrange [1e-11:3e3]
set logscale x
set format x "10^{%T}"
set xtics ("10^{-10}" 1e-10, "10^{-8}" 1e-8, "10^{-6}" 1e-6, "10^{-4}" 1e-4, \
  "10^{-2}" 1e-2, "1" 1, "refused" refused)
set format y ""
set ytics 1 scale 0
set label 1 "error of the gradient check" at screen 0.64, screen 0.975 font ",14"
set arrow from tolerance, graph 0 to tolerance, graph 1 nohead linecolor rgb grey dashtype 2
plot data every ::1 using (shown($4)):($4 > tolerance ? $0 : 1/0) with points pointtype 7 \
       pointsize 0.7 linecolor rgb fails title "fails", \
     '' every ::1 using (shown($4)):($4 <= tolerance ? $0 : 1/0) with points pointtype 6 \
       pointsize 0.8 linecolor rgb passes title "passes; another check catches it"
unset multiplot
