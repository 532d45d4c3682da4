"""Multiple-precision real numbers: working precision, roots, and output."""
from contextlib import contextmanager
from decimal import Decimal

import gmpy2
from gmpy2 import mpfr

BITS = 400  # 120 digits
gmpy2.get_context().precision = BITS
gmpy2.get_context().emin = gmpy2.get_emin_min()
gmpy2.get_context().emax = gmpy2.get_emax_max()

ONE = mpfr(1)
TINY = mpfr(10) ** -100  # a sum of squares below this is a rounding error of 0
PI = gmpy2.const_pi()


@contextmanager
def bits(precision):
    """A working precision within a block."""
    context = gmpy2.get_context()
    before, context.precision = context.precision, precision
    try:
        yield
    finally:
        context.precision = before


def total(values):
    result = mpfr(0)
    for value in values:
        result += value
    return result


def root(f, low, high, tolerance=mpfr(10) ** -38, steps=600):
    """The root of f between two points of opposite sign: the Illinois method, with bisection where it is slow."""
    f_low, f_high = f(low), f(high)
    if f_low == 0:
        return low
    if f_high == 0:
        return high
    if (f_low > 0) == (f_high > 0):
        raise ArithmeticError(f"no change of sign between {float(low)} and {float(high)}")
    last = None
    for step in range(steps):
        if step % 12 == 11:
            x = (low + high) / 2
        else:
            x = high - f_high * (high - low) / (f_high - f_low)
            if not min(low, high) < x < max(low, high):
                x = (low + high) / 2
        fx = f(x)
        if fx == 0 or abs(high - low) <= tolerance * abs(x) or (last is not None and abs(x - last) <= tolerance * abs(x)):
            return x
        if (fx > 0) == (f_high > 0):
            f_low /= 2
        else:
            low, f_low = high, f_high
        high, f_high, last = x, fx, x
    raise ArithmeticError("the root does not settle")


def double_until(f, start):
    """The first of start, 2 start, 4 start, ... with f <= 0, and the one before (0 for the first)."""
    low, high = mpfr(0), start
    for _ in range(4000):
        if f(high) <= 0:
            return low, high
        low, high = high, 2 * high
    raise ArithmeticError("no bracket")


def text(x):
    """25 significant digits, without the zeros at their end; None stays None, 0 is "0"."""
    if x is None:
        return None
    if isinstance(x, (list, tuple)):
        return [text(value) for value in x]
    if x == 0:
        return "0"
    if not gmpy2.is_finite(x):
        raise ArithmeticError("not a finite number")
    mantissa, exponent = "{0:.24e}".format(mpfr(x)).split("e")
    exponent = int(exponent)
    if -5 <= exponent <= 20:
        written = format(Decimal(mantissa).scaleb(exponent), "f")
        return written.rstrip("0").rstrip(".") if "." in written else written
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{exponent}"
