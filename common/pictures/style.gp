# SPDX-License-Identifier: MIT
# How every chart looks; goes before the script of a chart, from the root:
#   gnuplot common/pictures/style.gp -c common/pictures/curve.gp log.csv > curve.png
# Another kind than "png": gnuplot -e "kind = 'svg'" ..., or 'dumb', of characters.
if (!exists("kind")) kind = "png"
set encoding utf8
set datafile separator comma

device = "png"
if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) device = "pngcairo font 'sans,13'"
if (kind eq "svg") device = "svg font 'sans-serif,13'"
device = device . " noenhanced background '#FFFFFF' size "
wide = device . "900,560"
square = device . "820,800"
if (kind eq "dumb") wide = square = "dumb noenhanced size 72,20"

# Okabe and Ito's colours, told apart by the colour-blind too.
set linetype 1 linecolor rgb "#0072B2" linewidth 2 pointtype 7 pointsize 0.7
set linetype 2 linecolor rgb "#D55E00" linewidth 2 pointtype 7 pointsize 0.7
set linetype 3 linecolor rgb "#009E73" linewidth 2 pointtype 7 pointsize 0.7
set linetype 4 linecolor rgb "#CC79A7" linewidth 2 pointtype 7 pointsize 0.7
set linetype 5 linecolor rgb "#E69F00" linewidth 2 pointtype 7 pointsize 0.7
set linetype 6 linecolor rgb "#56B4E9" linewidth 2 pointtype 7 pointsize 0.7
set linetype 7 linecolor rgb "#000000" linewidth 2 pointtype 7 pointsize 0.7
set linetype cycle 7

set border 3 linecolor rgb "#606060"
set grid linecolor rgb "#E0E0E0" linetype 1 linewidth 1
set tics nomirror textcolor rgb "#303030" scale 0.5
set key outside bottom center horizontal Left reverse samplen 2 height 1 maxcols 4
set title font ",15"
set autoscale xfix
if (kind eq "dumb") {
  unset grid
  set border 31
  set key below
}

# A mark at each of a few values; many, and those of characters, make a line alone.
drawn(n) = n > 30 || (kind eq "dumb" && n > 1) ? "lines" : "linespoints"
