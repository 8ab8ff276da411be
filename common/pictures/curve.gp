# SPDX-License-Identifier: MIT
# Cost and accuracy of a training, epoch by epoch, of its log.csv. Who judged after an
# epoch, "test" or "validation", may stand behind it.
set terminal @wide
judge = ARGC > 1 ? ARG2 : "test"
set title "Learning MNIST"
set xlabel "epoch"
set ylabel "accuracy in %"
set y2label "cost"
set ytics nomirror
set y2tics
if (kind eq "dumb") {  # a label beside its axis would cost a tenth of the width
  unset ylabel
  unset y2label
  set label "accuracy in %" at graph 0, graph 1 left offset 0,1
  set label "cost" at graph 1, graph 1 right offset 0,1
  set title offset 0,1
  set tmargin 3
}
stats ARG1 using 1 nooutput
curve = drawn(STATS_records)
plot ARG1 using 1:3 with @curve title "train accuracy", \
     '' using 1:4 with @curve title judge . " accuracy", \
     '' using 1:2 axes x1y2 with @curve title "cost (right)"
