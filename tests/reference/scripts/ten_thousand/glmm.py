"""The reasons for the binomial-normal model, with the likelihood computed independently of both programs."""
import math
from mpmath import erfc, gammainc, log, mp, mpf, sqrt
import exact


def log_integral(x, n, mu, tau):
    """ln of the integral of p^x (1 - p)^(n - x) phi(u), logit p = mu + tau u: by the trapezoidal rule
    around the mode, as far as the integrand is above 1e-22 of it; for analytic integrands it converges exponentially."""
    def h(u):
        t = mu + tau * u
        soft = t + math.log1p(math.exp(-t)) if t > 0 else math.log1p(math.exp(t))
        return x * t - n * soft - u * u / 2
    low, high = -60.0, 60.0
    for _ in range(200):
        u = (low + high) / 2
        t = mu + tau * u
        p = 1 / (1 + math.exp(-t)) if t > -700 else 0.0
        low, high = (u, high) if tau * (x - n * p) - u > 0 else (low, u)
    # The logistic function has poles at a distance of pi/tau from the axis, so steps of 0.4/tau have the error exp(-49).
    step, top = min(0.1 / math.sqrt(1 + tau * tau * n * p * (1 - p)), 0.4 / (tau + 1e-9)), h(u)
    total = 1.0
    for side in (step, -step):
        i = 1
        while (fall := h(u + i * side) - top) > -50:
            total += math.exp(fall)
            i += 1
    return top + math.log(total * step / math.sqrt(2 * math.pi))


def log_likelihood(rows, mu, tau2):
    tau = math.sqrt(tau2)
    groups = {}
    for row in rows:
        groups[row] = groups.get(row, 0) + 1
    return math.fsum(count * log_integral(x, n, mu, tau) for (x, n), count in groups.items())


def observed_se(rows, mu, tau2):
    """From second differences in (mu, tau), extrapolated from two steps; at tau2 = 0 in mu alone."""
    if tau2 == 0:
        p = 1 / (1 + math.exp(-mu))
        return 1 / math.sqrt(sum(n for _, n in rows) * p * (1 - p))
    tau = math.sqrt(tau2)
    f = lambda a, b: log_likelihood(rows, mu + a, (tau + b) ** 2)
    mid = f(0, 0)

    def curvatures(scale):
        a, b = scale * max(1e-2, min(1.0, tau)), scale * tau
        return ((f(a, 0) - 2 * mid + f(-a, 0)) / a ** 2, (f(0, b) - 2 * mid + f(0, -b)) / b ** 2,
                (f(a, b) - f(a, -b) - f(-a, b) + f(-a, -b)) / (4 * a * b))
    mm, tt, mt = ((4 * fine - coarse) / 3 for fine, coarse in zip(curvatures(4e-3), curvatures(8e-3)))
    return math.sqrt(-tt / (mm * tt - mt * mt))


def derived(case, values):
    """Every field that follows from y, se and tau2."""
    y, se, tau2 = (mpf(values[name]) for name in ("y", "se", "tau2"))
    spec, k = case.spec, values["k"]
    tail, df = (1 - float(spec["level"]) / 100) / 2, None if spec["ci"] == "wald" else k - 1
    kind = spec["prediction"] or {"wald": "z", "t": "t"}[spec["ci"]]
    spread = {"z": None, "t": k - 1, "hts": k - 2}[kind]
    if k == 1:
        return {}
    out = {"statistic": y / se}
    out["p"] = erfc(abs(y / se) / sqrt(mpf(2))) if df is None else exact.two_sided_t(y / se, df)
    margin = exact.t_upper(tail, df) * se
    out["ci_y"] = [y - margin, y + margin]
    if spread != 0:
        margin = exact.t_upper(tail, spread) * sqrt(se * se + tau2)
        out["prediction_y"] = [y - margin, y + margin]
    for names, pair in ((("lower", "upper"), "ci_y"), (("prediction_lower", "prediction_upper"), "prediction_y")):
        for name, value in zip(names, out.get(pair, ())):
            out[name] = exact.back("logit", value, [])
    out["estimate"] = exact.back("logit", y, [])
    d = exact.estimates(case.rows, {"measure": "logit", "zero-cells": "only0", "zero-amount": "0.5"})
    w, s1, _, _ = d.at(mpf(0))
    typical = (k - 1) / (s1 - sum(x * x for x in w) / s1)
    out["i2"], out["h2"] = 100 * tau2 / (tau2 + typical), 1 + tau2 / typical
    return out


def short_of_the_maximum(case, field, ours, theirs, deviation, tolerance):
    """metaprop's likelihood is the higher one, its standard error agrees with the curvature there, and the field of
    each program follows from its own y, se and tau2."""
    if case.mine.get("tau2") is None or case.r.get("tau2") is None or case.mine["y"] is None:
        return False
    if not hasattr(case, "_heights"):
        both = [log_likelihood(case.rows, v["y"], v["tau2"]) for v in (case.mine, case.r)]
        se = observed_se(case.rows, case.mine["y"], case.mine["tau2"])
        case._heights = both[0] >= both[1] - 1e-13 * abs(both[1]) and abs(case.mine["se"] / se - 1) < 1e-4
    if not case._heights:
        return False
    if field in ("y", "tau2"):
        return True
    if field == "se":
        return True
    mine, r = derived(case, case.mine), derived(case, case.r)
    return (field in r and deviation(field, theirs, r[field], case.se) < 1e-8
            and deviation(field, ours, mine[field], case.mine["se"]) < tolerance)


def tests(case):
    """The Wald statistic over the studies with finite logits, and the deviance of a common proportion."""
    inner = [(x, n) for x, n in case.rows if 0 < x < n]
    d = exact.estimates(inner, {"measure": "logit", "zero-cells": "none", "zero-amount": ""})
    wald = d.q(mpf(0)) if inner else mpf(0)
    events, total = sum(x for x, _ in case.rows), sum(n for _, n in case.rows)
    share = lambda part, of: part * log(mpf(part) / of) if part else mpf(0)
    p = mpf(events) / total
    lrt = 2 * sum(share(x, n * p) + share(n - x, n * (1 - p)) for x, n in case.rows) if 0 < p < 1 else mpf(0)
    tail = lambda q: gammainc(mpf(len(case.rows) - 1) / 2, q / 2, mp.inf, regularized=True)
    return {"q_wald": wald, "q_lrt": lrt, "q_wald_p": tail(wald), "p_lrt": tail(lrt)}


def saturated(case, field, ours, theirs, deviation, tolerance):
    """metafor fits the saturated model by glm, which stops at a relative change of 1e-8 in the deviance (1e-4 in a
    coefficient), or, for a study with no or all events, at a finite logit instead of an infinite one."""
    if field not in ("q_wald", "q_lrt", "q_wald_p", "p_lrt"):
        return False
    right = tests(case)
    if deviation(field, ours, right[field], 0.0) > tolerance and abs(ours - right[field]) > 1e-12:
        return False
    statistic = {"q_wald_p": "q_wald", "p_lrt": "q_lrt"}.get(field, field)
    infinite = any(x in (0, n) for x, n in case.rows)
    bound = 0.1 if infinite else 1e-4
    return abs(case.r[statistic] - right[statistic]) <= bound * max(1, right[statistic])


def refused(case):
    """The reason why only one program gives a result, or None."""
    rows, mine = case.rows, case.mine
    ends = [x in (0, n) for x, n in rows]
    if case.ours["error"]:
        both = all(ends) and len({x == 0 for x, _ in rows}) == 2
        rising = [log_likelihood(rows, s * case.r["y"], s * s * max(1, case.r["tau2"])) for s in (1, 4, 64)]
        return "binomial-normal: the likelihood rises for ever in tau2; metaprop says so" if both and rising == sorted(rising) else None
    if len(rows) == 1:
        return "binomial-normal: one study, metafor stops"
    if all(ends) and len({x == 0 for x, _ in rows}) == 1:
        return "binomial-normal: no events at all, or events only; metafor stops" if mine["y"] is None and mine["estimate"] in (0, 1) else None
    here = log_likelihood(rows, mine["y"], mine["tau2"])
    near = [(mine["y"] + a * mine["se"], mine["tau2"] * b + c) for a, b, c in
            ((0.01, 1, 0), (-0.01, 1, 0), (0, 1.02, 1e-4), (0, 0.98, 0))]
    top = all(log_likelihood(rows, m, t) <= here + 1e-12 * abs(here) for m, t in near)
    return "binomial-normal: metafor cannot fit its models; metaprop is at a maximum" if top else None
