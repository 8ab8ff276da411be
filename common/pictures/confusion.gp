# SPDX-License-Identifier: MIT
# What each digit was taken for, of a confusion.csv of truth, answer and count: right
# answers in shades of blue; mistakes, which are far fewer, in shades of orange on a scale
# of their own. The square root lets a single mistake show.
set terminal @square
stats ARG1 using ($1 == $2 ? $3 : 0) nooutput
right = STATS_max > 1 ? STATS_max : 1
stats ARG1 using ($1 == $2 ? 0 : $3) nooutput
wrong = STATS_max > 1 ? STATS_max : 1
stats ARG1 using 1 nooutput
last = STATS_max

share(truth, answer, count) = truth == answer ? 0.9 * count / right : sqrt(count / wrong)
tint(s, colour) = int(255 * (1 - s)) * 0x1000000 + colour  # a part of 255 shines through
fill(truth, answer, count) = \
  tint(share(truth, answer, count), truth == answer ? 0x1F6FEB : 0xC2570C)
letters(truth, answer, count) = share(truth, answer, count) > 0.7 ? 0xFFFFFF : 0x1F2933

set title "Test images: what each digit was taken for"
set xlabel "answer"
set ylabel "true digit"
set xrange [-0.5:last + 0.5]
set yrange [last + 0.5:-0.5]
set size square
set tics 1 scale 0
unset grid
set border 0
set style fill solid 1.0 border linecolor rgb rule
plot ARG1 using 2:1:(0.5):(0.5):(fill($1, $2, $3)) with boxxyerror \
       linecolor rgb variable notitle, \
     '' using 2:1:($3 > 0 ? sprintf("%d", $3) : ""):(letters($1, $2, $3)) with labels \
       textcolor rgb variable notitle
