# SPDX-License-Identifier: MIT
# How every chart looks; goes before the script of a chart, from the root:
#   gnuplot common/pictures/style.gp -c common/pictures/curve.gp log.csv > curve.png
# Another kind than "png": gnuplot -e "kind = 'svg'" ..., or 'dumb', of characters.
if (!exists("kind")) kind = "png"
set encoding utf8
set datafile separator comma

# The book's colours; plot.cpp knows which take their place in the dark.
ink = "#1F2933"; muted = "#52606D"; rule = "#CBD2D9"
blue = "#1F6FEB"; orange = "#C2570C"; green = "#1A7F37"; purple = "#7A3EA3"; red = "#C62828"

device = "png"
if (strstrt(GPVAL_TERMINALS, " pngcairo ") > 0) device = "pngcairo font 'sans,13'"
device = device . " noenhanced background '#FFFFFF' size "
wide = device . "900,560"
square = device . "820,800"
if (kind eq "svg") {  # no ground of its own, and letters that can be read on a phone
  device = "svg font 'system-ui,sans-serif,17' noenhanced size "
  wide = device . "640,440"
  square = device . "640,640"
}
if (kind eq "dumb") wide = square = "dumb noenhanced size 72,20"

# Marks and dashes tell the lines apart for those who do not see the colours.
set linetype 1 linecolor rgb blue linewidth 2 pointtype 7 pointsize 0.7
set linetype 2 linecolor rgb orange linewidth 2 pointtype 5 pointsize 0.7
set linetype 3 linecolor rgb green linewidth 2 pointtype 9 pointsize 0.8 dashtype 2
set linetype 4 linecolor rgb purple linewidth 2 pointtype 13 pointsize 0.9
set linetype 5 linecolor rgb red linewidth 2 pointtype 11 pointsize 0.8 dashtype 4
set linetype 6 linecolor rgb muted linewidth 2 pointtype 6 pointsize 0.7
set linetype 7 linecolor rgb ink linewidth 2 pointtype 4 pointsize 0.7 dashtype 3
set linetype cycle 7

set border 3 linecolor rgb muted
set grid linecolor rgb rule linetype 1 linewidth 1
set tics nomirror textcolor rgb muted scale 0.5
set key outside bottom center horizontal Left reverse samplen 2 height 1 maxcols 4
set key textcolor rgb ink
set title textcolor rgb ink
if (kind eq "png") set title font ",15"
set autoscale xfix
if (kind eq "dumb") {
  unset grid
  set border 31
  set key below
}

# A mark at each of a few values; many, and those of characters, make a line alone.
drawn(n) = n > 30 || (kind eq "dumb" && n > 1) ? "lines" : "linespoints"
