#!/usr/bin/env python3
"""Write src/plot/metrics/widths.rs: the advance widths of Liberation Sans, in thousandths of an em.

  widths.py REGULAR.ttf BOLD.ttf > src/plot/metrics/widths.rs      (needs fonttools)

Liberation Sans 2.1.5 (OFL 1.1) has the advance widths of Arial and Helvetica, so text measured with
this table fits in whichever of the three a reader's machine has. A character the font lacks is 0.
"""
import sys

from fontTools.ttLib import TTFont

BLOCKS = [
    (0x0020, 0x007E, "Basic Latin"),
    (0x00A0, 0x017F, "Latin-1, Latin Extended-A"),
    (0x0218, 0x021B, "Romanian letters of Latin Extended-B"),
    (0x0386, 0x03CE, "Greek"),
    (0x0400, 0x045F, "Cyrillic"),
    (0x1E80, 0x1EF9, "Welsh and Vietnamese letters of Latin Extended Additional"),
    (0x2010, 0x2022, "dashes, quotes, daggers, bullet"),
    (0x2026, 0x203A, "ellipsis, per mille, primes, guillemets"),
    (0x2070, 0x208E, "superscripts and subscripts"),
    (0x20A0, 0x20B5, "currency"),
    (0x2100, 0x2126, "letter-like symbols"),
    (0x2190, 0x2195, "arrows"),
    (0x2202, 0x2265, "mathematical operators"),
]


BLOCK = """
/// A run of characters with their widths in thousandths of an em; 0 where the font has none.
pub(super) struct Block {
    pub first: u32,
    pub widths: &'static [u16],
}
"""


def widths(path):
    font = TTFont(path)
    advance, names, em = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
    return lambda code: round(advance[names[code]][0] * 1000 / em) if code in names else 0


def table(name, what, width):
    lines = [f"/// The {what} face.", "#[rustfmt::skip]", f"pub(super) const {name}: &[Block] = &["]
    for first, last, title in BLOCKS:
        numbers = [str(width(code)) for code in range(first, last + 1)]
        lines += [f"    // {title}", "    Block {", f"        first: 0x{first:04X},", "        widths: &["]
        for start in range(0, len(numbers), 16):
            lines.append("            " + ", ".join(numbers[start:start + 16]) + ",")
        lines += ["        ],", "    },"]
    return lines + ["];"]


if __name__ == "__main__":
    regular, bold = sys.argv[1:3]
    print("//! Advance widths of Liberation Sans, made by `tests/figures/widths.py`; not to be edited by hand.")
    print(BLOCK)
    print("\n".join(table("REGULAR", "regular", widths(regular))))
    print()
    print("\n".join(table("BOLD", "bold", widths(bold))))
