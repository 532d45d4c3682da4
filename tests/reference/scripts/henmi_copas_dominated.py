"""Moments and upper tail of the Henmi-Copas pivot where one study dominates, in 40-digit arithmetic.

Henmi and Copas 2010, doi:10.1002/sim.4029. Prints the three values that the test
`a_dominating_study_leaves_the_moments_exact` in src/model/ci/henmi_copas.rs holds.
"""

from mpmath import fsum, gammainc, linspace, mp, mpf, npdf, nstr, quad, sqrt

mp.dps = 40
ROWS = [(70, 95), (163, 180), (6, 6), (81, 155), (101, 128), (28, 33), (102355304, 102355304)]
TAU2 = mpf(0.026334206581456374)
U = mpf(2.0306)

v = []
for events, total in ROWS:
    events, total = mpf(events), mpf(total)
    if events == total:
        events, total = events + mpf(1) / 2, total + 1
    v.append(events * (total - events) / total**3)
w = [1 / value for value in v]
s1, s2, df = fsum(w), fsum(value**2 for value in w), len(w) - 1
share = [value / s1 for value in w]
delta = [1 + TAU2 * value for value in w]


def moment(power):
    """b' D^power b."""
    return fsum(b * d**power for b, d in zip(share, delta))


c = moment(1)
trace = fsum(delta) - moment(2) / c
m1 = (moment(2) - c**2) / c**2
trace_of_square = fsum(d**2 for d in delta) - 2 * moment(3) / c + (moment(2) / c) ** 2
v1 = 4 * (moment(3) - moment(2) ** 2 / c) / c**2
slope = s1 / s2 * (s1 - s2 / s1)
sd = sqrt(c)


def integrand(t):
    mean, variance = trace + t * t * m1, 2 * trace_of_square + t * t * v1
    scale = variance / mean
    bound = df + slope * (t - U) * (t + U) / U**2
    return gammainc(mean / scale, 0, bound / scale, regularized=True) * npdf(t / sd) / sd


mp.dps = 25
ends = [U] + [U + sd * mpf(10) ** e for e in linspace(-8, 0, 33)]
ends += [U + sd * j for j in linspace(mpf("1.25"), 15, 56)]
print("M1", nstr(m1, 17), "V1", nstr(v1, 17), "TAIL", nstr(quad(integrand, ends), 17))
