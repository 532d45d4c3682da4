"""The integrals of `likelihood` in double precision, for where a sign is all that is needed."""
import math


def logs(link, eta):
    if link == "logit":
        if eta < 0:
            none = -math.log1p(math.exp(eta))
            return eta + none, none
        event = -math.log1p(math.exp(-eta))
        return event, event - eta
    if link == "probit":
        tail = math.erfc(abs(eta) * math.sqrt(0.5)) / 2
        small, large = math.log(tail), math.log1p(-tail)
        return (small, large) if eta < 0 else (large, small)
    hazard = math.exp(eta)
    if hazard < 1e-16:
        return eta, -hazard
    return (math.log(-math.expm1(-hazard)) if hazard < 40 else 0.0), -hazard


def integral(link, x, n, mu, tau, depth=20.0, points=40):
    """As `likelihood.integral`; ArithmeticError or ValueError where double precision is not enough."""
    m = n - x

    def g(u):
        event, none = logs(link, mu + tau * u)
        return (x * event if x else 0.0) + (m * none if m else 0.0) - u * u / 2
    # The mode by golden section: the integrand is log-concave.
    low, high = -40.0, 40.0
    ratio = (math.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    ga, gb = g_safe(g, a), g_safe(g, b)
    while high - low > 1e-5:
        if ga > gb:
            high, b, gb = b, a, ga
            a = high - ratio * (high - low)
            ga = g_safe(g, a)
        else:
            low, a, ga = a, b, gb
            b = low + ratio * (high - low)
            gb = g_safe(g, b)
        if ga == gb == -math.inf:
            raise ArithmeticError("out of the range of doubles")
    mode = (low + high) / 2
    if abs(mode) > 39:
        raise ArithmeticError("the mode is far out")
    top = g(mode)

    def reach(side):
        far = 1e-4
        while top - g_safe(g, mode + side * far) < depth:
            far *= 1.4
        return far
    left, right = reach(-1.0), reach(1.0)
    before = None
    while points < 3000:
        h = (left + right) / points
        s = [0.0] * 5
        for j in range(points + 1):
            t = j * h - left
            value = g_safe(g, mode + t) - top
            if value < -60:
                continue
            w = math.exp(value)
            s[0] += w
            s[1] += w * t
            s[2] += w * t * t
            s[3] += w * t**3
            s[4] += w * t**4
        now = [value * h for value in s]
        width = math.sqrt(now[2] / now[0])
        if before and max(abs(p - q) / width**i for i, (p, q) in enumerate(zip(now, before))) < 1e-6 * now[0]:
            break
        before, points = now, 2 * points
    else:
        raise ArithmeticError("the sum does not settle")
    t1, t2, t3, t4 = [value / now[0] for value in now[1:]]
    c = mode
    return (top + math.log(now[0] / math.sqrt(2 * math.pi)), c + t1, c * c + 2 * c * t1 + t2,
            c**3 + 3 * c * c * t1 + 3 * c * t2 + t3,
            c**4 + 4 * c**3 * t1 + 6 * c * c * t2 + 4 * c * t3 + t4)


def g_safe(g, u):
    """The log integrand; minus infinity where a logarithm overflows."""
    try:
        return g(u)
    except (ValueError, OverflowError):
        return -math.inf
