#!/usr/bin/env python3
"""erfc(x) between 1 and 16, where MPFR is slow, by the trapezoidal rule on its integral. Run alone it compares both.

erfc(x) = (h x/pi) exp(-x^2) sum over all whole k of exp(-k^2 h^2)/(x^2 + k^2 h^2) - 2/(exp(2 pi x/h) - 1),
where the last term is for x < pi/h only; the relative error is about exp(-pi^2/h^2). Matta & Reichel 1971, doi:10.1090/S0025-5718-1971-0295538-8; Hunter & Regan
1972, doi:10.1090/S0025-5718-1972-0303685-6.
"""
from functools import lru_cache

import gmpy2
from gmpy2 import mpfr, exp, expm1, sqrt


@lru_cache(maxsize=None)
def rule(precision):
    """h, and the pairs (k^2 h^2, exp(-k^2 h^2)) that are not negligible."""
    pi = gmpy2.const_pi()
    depth = mpfr(precision) * mpfr("0.6932") + 6
    h = pi / sqrt(depth)
    pairs, k = [], 1
    while (k * h) ** 2 < depth:
        pairs.append(((k * h) ** 2, exp(-((k * h) ** 2))))
        k += 1
    return h, pairs, pi


def erfc(x):
    if not 1 < x < 16:
        return gmpy2.erfc(x)
    h, pairs, pi = rule(gmpy2.get_context().precision)
    square = x * x
    result = 1 / (2 * square)
    for node, weight in pairs:
        result += weight / (square + node)
    value = 2 * h * x / pi * exp(-square) * result
    # The contribution of the pole; beyond pi/h it is below the error of the rule.
    return value - 2 / expm1(2 * pi * x / h) if x * h < pi else value


def main():
    import time
    for precision in (110, 210, 330):
        gmpy2.get_context().precision = precision
        for text in ("1.01", "1.7", "3.3", "5.1", "9", "15.9"):
            x = mpfr(text)
            start = time.process_time()
            mine = erfc(x)
            for _ in range(300):
                erfc(x)
            used = (time.process_time() - start) / 300
            print(precision, text, "relative difference 2^", round(float(gmpy2.log2(abs(mine / gmpy2.erfc(x) - 1) + mpfr(2) ** -precision))), f"{used * 1e6:.0f} us")


if __name__ == "__main__":
    main()
