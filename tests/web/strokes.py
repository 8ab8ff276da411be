# SPDX-License-Identifier: MIT
"""Ten digits as a hand writes them, for the browser test to draw."""
import random

# Points that a stroke passes, x and y from 0 to 1 in the digit's own box.
DIGITS = {
    0: [[(.55, .02), (.25, .12), (.08, .5), (.22, .88), (.5, .98), (.8, .85), (.92, .5), (.8, .14),
         (.55, .02), (.45, .03)]],
    1: [[(.58, 0), (.54, .35), (.48, .7), (.44, 1)]],
    2: [[(.1, .25), (.3, .04), (.65, .02), (.85, .25), (.7, .5), (.4, .75), (.08, .97), (.5, .94),
         (.95, .96)]],
    3: [[(.12, .12), (.45, 0), (.82, .14), (.75, .38), (.4, .48), (.78, .55), (.88, .8), (.5, 1),
         (.08, .88)]],
    4: [[(.3, 0), (.2, .3), (.1, .55), (.5, .55), (.9, .52)], [(.72, .08), (.68, .5), (.62, 1)]],
    5: [[(.85, .02), (.55, .03), (.25, .04), (.22, .25), (.18, .45), (.55, .38), (.88, .6),
         (.75, .9), (.4, 1), (.08, .9)]],
    6: [[(.72, .02), (.4, .2), (.16, .55), (.2, .9), (.5, 1), (.82, .86), (.78, .6), (.5, .5),
         (.2, .68)]],
    7: [[(.06, .06), (.5, .05), (.94, .04), (.75, .35), (.55, .68), (.42, 1)]],
    8: [[(.82, .16), (.5, 0), (.18, .16), (.4, .42), (.8, .68), (.72, .95), (.4, 1), (.12, .8),
         (.35, .55), (.72, .34), (.82, .16)]],
    9: [[(.82, .2), (.5, .02), (.16, .18), (.22, .45), (.55, .5), (.82, .22), (.8, .5), (.74, .75),
         (.62, 1)]],
}
WIDTHS = {0: .75, 1: .45, 2: .75, 3: .7, 4: .75, 5: .75, 6: .65, 7: .75, 8: .65, 9: .65}


def curve(points, steps=6):
    """A smooth line through the points (Catmull and Rom's)."""
    padded = [points[0], *points, points[-1]]
    line = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        for i in range(steps):
            t = i / steps
            line.append(tuple(
                .5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t
                      + (3 * q - p - 3 * r + s) * t ** 3)
                for p, q, r, s in zip(a, b, c, d)))
    return [*line, points[-1]]


def written(seed):
    """Every digit twice, as (digit, strokes, pen): in places, sizes, slants and widths of pen that
    differ; strokes with x and y from 0 to 1 on the pad, the pen as the page's slider has it."""
    chance = random.Random(seed)
    for digit in [*range(10), *range(10)]:
        height = chance.uniform(.28, .86)
        width = height * WIDTHS[digit] * chance.uniform(.85, 1.15)
        slant = chance.uniform(-.02, .12) * height
        pen = min(14, max(3, round(100 * height * chance.uniform(.09, .18))))
        margin = pen / 200 + .01
        left = chance.uniform(margin, max(margin, 1 - margin - width - slant))
        top = chance.uniform(margin, max(margin, 1 - margin - height))
        strokes = [[(left + width * (x + chance.gauss(0, .008)) + slant * (1 - y),
                     top + height * (y + chance.gauss(0, .008))) for x, y in curve(stroke)]
                   for stroke in DIGITS[digit]]
        yield digit, [[(min(.99, max(.01, x)), min(.99, max(.01, y))) for x, y in stroke]
                      for stroke in strokes], pen
