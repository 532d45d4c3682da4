"""A log-likelihood in a location and the logarithm of a spread: its global maximum and profile limits.

The profile along the spread is scanned at low precision and every local maximum is located; the largest, including
that at spread 0, is refined by Newton's method at full precision. Profile limits (Venzon & Moolgavkar 1988) are roots
of two equations, found at low precision and refined in the same way.
"""
from gmpy2 import mpfr, exp, log, sqrt

from distributions import chi2_quantile
from real import bits

STEP = log(mpfr("1.7"))
ENOUGH = mpfr(10) ** -26
FAR = log(mpfr(10) ** 9)
# The precision of an evaluation: for a sign, to approach an optimum, full.
COARSE, CLOSE, FULL = range(3)


def best_location(surface, start, spread):
    """The best location at a spread, by Newton's method within a bracket."""
    mu, low, high = start, None, None
    for _ in range(200):
        f = surface.at(mu, spread, COARSE)
        if f[1] > 0:
            low = mu
        else:
            high = mu
        step = -f[1] / f[3] if f[3] < 0 else mpfr(1 if f[1] > 0 else -1)
        step = max(min(step, mpfr(4)), mpfr(-4))
        if f[3] < 0 and abs(step) * sqrt(-f[3]) < 1e-4:
            # The value, corrected to second order.
            f[0] += step * f[1] / 2
            return mu + step, f
        new = mu + step
        if (low is not None and new <= low) or (high is not None and new >= high):
            new = (low + high) / 2 if low is not None and high is not None else mu + step / 2
        mu = new
    raise ArithmeticError("the best location does not settle")


def newton(surface, equations, mu, spread, level):
    """Newton's method on two equations of the derivatives."""
    for _ in range(60):
        f = surface.at(mu, spread, level)
        (e1, a11, a12), (e2, a21, a22) = equations(f)
        det = a11 * a22 - a12 * a21
        dm, ds = (a12 * e2 - a22 * e1) / det, (a21 * e1 - a11 * e2) / det
        unit = sqrt(abs(f[3]))
        shrink = max(abs(dm) * unit / 2, abs(ds) / 1, mpfr(1))
        mu, spread = mu + dm / shrink, spread + ds / shrink
        if abs(dm) * unit + abs(ds) < (ENOUGH if level == FULL else mpfr(10) ** -10):
            return mu, spread, f
    raise ArithmeticError("Newton's method does not settle")


def stationary(f):
    return (f[1], f[3], f[4]), (f[2], f[4], f[5])


class Fit:
    """The global maximum; spread None for spread 0."""

    def __init__(self, surface):
        self.surface = surface
        with bits(surface.cheap_bits):
            self.scan, peaks = self.along_the_spread()
            found = [newton(surface, stationary, mu, s, CLOSE)[:2] for mu, s in peaks]
            values = [surface.at(mu, s, CLOSE)[0] for mu, s in found]
        # The value at spread 0, and whether the likelihood decreases from there.
        with bits(surface.full_bits):
            edge = surface.edge(surface.edge_location)
        self.edge_value = edge[0]
        self.location, self.spread, self.value = surface.edge_location, None, edge[0]
        self.edge = edge
        best = max(range(len(values)), key=values.__getitem__) if values else None
        if best is not None and (edge[3] > 0 or values[best] > edge[0]):
            with bits(surface.full_bits):
                self.location, self.spread, f = newton(surface, stationary, *found[best], FULL)
                self.value, self.hessian = f[0], f[3:]
        elif edge[3] > 0:
            raise ArithmeticError("the likelihood rises from the edge, and no maximum was found")
        self.maxima = len(peaks) + (edge[3] <= 0)
        with bits(surface.full_bits):
            self.drop = chi2_quantile(mpfr("0.95"), 1)
            self.target = self.value - self.drop / 2

    def along_the_spread(self):
        """The points (spread, location, value) of the scan, and starting points for the maxima."""
        surface = self.surface
        low, least = surface.scan_range()
        points, peaks, mu, s, before = [], [], surface.edge_location, low, surface.edge(surface.edge_location)[3]
        while True:
            mu, f = best_location(surface, mu, s)
            slope = f[2] - f[4] * f[1] / f[3]
            if before > 0 and slope <= 0:
                peaks.append(self.close_in(points[-1][0] if points else low - 8, s, mu))
            points.append((s, mu, f[0]))
            before = slope
            if (slope < 0 and s > least) or s > FAR:
                return points, peaks
            s += STEP

    def close_in(self, low, high, mu):
        """A starting point for Newton's method, by bisection on the slope of the profile."""
        for _ in range(6):
            middle = (low + high) / 2
            mu, f = best_location(self.surface, mu, middle)
            if f[2] - f[4] * f[1] / f[3] > 0:
                low = middle
            else:
                high = middle
        return mu, (low + high) / 2

    def se(self):
        """The variances of the location and of ln spread, and their covariance, from the observed information."""
        if self.spread is None:
            return sqrt(-1 / self.edge[2]), None, None
        a, b, c = self.hessian
        det = a * c - b * b
        return sqrt(-c / det), sqrt(-a / det), b / det

    def spread_limits(self):
        """ln spread at both ends of the set; None for spread 0 below, or for no upper end."""
        with bits(self.surface.cheap_bits):
            points = list(self.scan)
            if self.spread is not None:
                points = sorted(points + [(self.spread, self.location, self.value)])
            inside = lambda point: point[2] >= self.target  # noqa: E731
            lower = upper = None
            if self.edge_value < self.target:
                first = next(i for i, point in enumerate(points) if inside(point))
                lower = self.cross(points[first - 1], points[first])
            within = [i for i, point in enumerate(points) if inside(point)]
            last = within[-1] if within else 0
            while last == len(points) - 1 or inside(points[last + 1]):
                if last < len(points) - 1:
                    last += 1
                    continue
                s = points[-1][0] + log(mpfr(2))
                if s > FAR + 1:
                    break
                mu, f = best_location(self.surface, points[-1][1], s)
                points.append((s, mu, f[0]))
            if last < len(points) - 1:
                upper = self.cross(points[last], points[last + 1])
        return self.finish_spread(lower), self.finish_spread(upper)

    def cross(self, a, b):
        """The point between two others at which the profile equals the target."""
        (s0, mu, v0), (s1, _, v1) = a, b
        for _ in range(6):
            middle = (s0 + s1) / 2
            mu, f = best_location(self.surface, mu, middle)
            if (f[0] >= self.target) == (v0 >= self.target):
                s0 = middle
            else:
                s1 = middle
        return mu, (s0 + s1) / 2

    def finish_spread(self, start):
        if start is None:
            return None
        equations = lambda f: ((f[1], f[3], f[4]), (f[0] - self.target, f[1], f[2]))  # noqa: E731
        with bits(self.surface.cheap_bits):
            mu, s, _ = newton(self.surface, equations, *start, CLOSE)
        with bits(self.surface.full_bits):
            return newton(self.surface, equations, mu, s, FULL)[1]

    def location_limits(self):
        return [self.location_limit(side) for side in (-1, 1)]

    def best_spread(self, mu):
        """(value, spread) of the best spread at a location, by a scan; spread None for spread 0."""
        surface = self.surface
        edge = surface.edge(mu)
        low, least = surface.scan_range()
        found = [(edge[0], None)] if edge[3] <= 0 else []
        s, before, last = low, edge[3], low - 8
        least = max(least, surface.away(mu))
        while True:
            f = surface.at(mu, s, COARSE)
            if before > 0 and f[2] <= 0:
                found.append(self.climb(mu, last, s))
            if (f[2] < 0 and s > least) or s > FAR:
                break
            before, last, s = f[2], s, s + 2 * STEP
        return max(found, key=lambda pair: pair[0])

    def climb(self, mu, low, high, start=None):
        """The maximum along the spread between two points, by Newton's method, else by bisection."""
        s = (low + high) / 2 if start is None else start
        for _ in range(60):
            f = self.surface.at(mu, s, COARSE)
            if f[2] > 0:
                low = s
            else:
                high = s
            step = -f[2] / f[5] if f[5] < 0 else None
            if step is not None and abs(step) < 1e-4:
                return f[0], s + step
            if high - low < 1e-4:
                return f[0], s
            s = s + step if step is not None and low < s + step < high else (low + high) / 2
        raise ArithmeticError("the best spread does not settle")

    def near(self, mu, s):
        """The best spread at a location, from that at a nearby location."""
        if s is not None:
            value, found = self.climb(mu, s - 2, s + 2, s)
            if abs(found - s) < 1.9:
                return value, found
        return self.best_spread(mu)

    def location_limit(self, side):
        surface = self.surface
        with bits(surface.cheap_bits):
            inner, f_inner, distance = mpfr(0), self.drop / 2, sqrt(self.drop) * self.se()[0]
            while True:
                value, s = self.best_spread(self.location + side * distance)
                if value < self.target:
                    break
                inner, f_inner, distance = distance, value - self.target, 2 * distance
            outer, f_outer = distance, value - self.target
            for _ in range(5):
                # The square root of the deviance is nearly linear.
                a, b = sqrt(max(self.drop / 2 - f_inner, mpfr(0))), sqrt(self.drop / 2 - f_outer)
                middle = inner + (sqrt(self.drop / 2) - a) / (b - a) * (outer - inner)
                value, s = self.near(self.location + side * middle, s)
                if value < self.target:
                    outer, f_outer = middle, value - self.target
                else:
                    inner, f_inner = middle, value - self.target
                if abs(value - self.target) < 0.01:
                    break
            mu = self.location + side * middle
        if s is None:
            return self.edge_limit(mu)
        equations = lambda f: ((f[2], f[4], f[5]), (f[0] - self.target, f[1], f[2]))  # noqa: E731
        with bits(surface.cheap_bits):
            mu, s, _ = newton(surface, equations, mu, s, CLOSE)
            value, other = self.best_spread(mu)
            if other is None or abs(other - s) > 1e-2:
                raise ArithmeticError("another spread is better at the limit of the location")
        with bits(surface.full_bits):
            return newton(surface, equations, mu, s, FULL)[0]

    def edge_limit(self, mu):
        """The limit if the best spread there is 0."""
        with bits(self.surface.full_bits):
            for _ in range(100):
                value, first, _, inward = self.surface.edge(mu)
                step = -(value - self.target) / first
                mu += step
                if abs(step) < mpfr(10) ** -45 * max(abs(mu), mpfr(1)):
                    if inward > 0:
                        raise ArithmeticError("the limit of the location is not on the edge")
                    return mu
        raise ArithmeticError("the limit of the location does not settle")
