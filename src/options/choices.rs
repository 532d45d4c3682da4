//! The words: one table owns every closed choice, with its key, aliases, title, formula and source.
//!
//! The command line, the analysis file, `metaprop list`, the result document and the methods
//! paragraph all read this table, so a word means the same everywhere. To add one, add its row here
//! and its function where the row's enum is matched; `CONTRIBUTING.md` walks through it. Which option
//! takes which choice is in `table.rs`.

use super::choice::{Choice, Word, choice};

choice! {
    /// The scale on which proportions are pooled.
    Measure, "measure", "the scale on which proportions are pooled", {
        Raw: "raw", ["PR", "PRAW"], "raw proportion",
            "y = x/n, v = p(1 - p)/n", "Wald variance of a binomial proportion; metafor PR";
        Log: "log", ["PLN"], "log proportion",
            "y = ln(x/n), v = 1/x - 1/n", "delta method; metafor PLN";
        Logit: "logit", ["PLO", "PLOGIT"], "logit-transformed proportion",
            "y = ln(x/(n - x)), v = 1/x + 1/(n - x)", "Warton & Hui 2011, doi:10.1890/10-0340.1; metafor PLO";
        Arcsine: "arcsine", ["PAS"], "arcsine square-root transformed proportion",
            "y = asin(sqrt(x/n)), v = 1/(4n)", "Ruecker et al. 2009, doi:10.1002/sim.3511; metafor PAS";
        FreemanTukey: "freeman-tukey", ["PFT"], "Freeman-Tukey double-arcsine transformed proportion",
            "y = (asin(sqrt(x/(n+1))) + asin(sqrt((x+1)/(n+1))))/2, v = 1/(4n + 2)",
            "Freeman & Tukey 1950, doi:10.1214/aoms/1177729756";
        Probit: "probit", ["PRZ"], "probit-transformed proportion",
            "y = qnorm(x/n), v = 2 pi p(1 - p) exp(y^2)/n", "delta method; metafor PRZ";
        Cloglog: "cloglog", [], "complementary log-log transformed proportion",
            "y = ln(-ln(1 - x/n)), v = p/(n (1 - p) ln(1 - p)^2)", "delta method";
        Generic: "generic", [], "estimate",
            "y and v as the table gives them (--estimate with --se, --variance, or --lower and --upper)", "-";
    }
}

impl Measure {
    /// The scales of proportions: all but [`Generic`](Self::Generic).
    pub const OF_PROPORTIONS: &'static [Self] =
        &[Self::Raw, Self::Log, Self::Logit, Self::Arcsine, Self::FreemanTukey, Self::Probit, Self::Cloglog];
}

choice! {
    /// The scale on which estimates stand in the table, where they are given in place of counts.
    InputScale, "input-scale", "the scale of estimates and limits in the table; they are pooled on its transform", {
        Identity: "identity", [], "estimates as they stand", "y = estimate", "-";
        Log: "log", [], "ratios, pooled as logarithms", "y = ln(estimate)", "-";
        Logit: "logit", [], "proportions, pooled as logits", "y = ln(estimate/(1 - estimate))", "-";
    }
}

choice! {
    /// What is done with a row whose percentage is that of no count of its total.
    OnImpossible, "on-impossible", "what is done with a percentage that no count of the total gives", {
        Stop: "stop", [], "the table is refused, each of these rows named", "-", "-";
        Drop: "drop", [], "the row is left out, with the reason", "-", "-";
        Keep: "keep", [], "the nearest count is taken", "x = round(p n)", "-";
    }
}

choice! {
    /// Whether each subgroup has a between-study variance of its own.
    SubgroupTau2, "subgroup-tau2", "whether each subgroup has a between-study variance of its own", {
        Separate: "separate", [], "a between-study variance for each subgroup",
            "tau2 estimated in each level alone", "Borenstein & Higgins 2013, doi:10.1007/s11121-013-0377-7";
        Common: "common", [], "one between-study variance within the subgroups",
            "the residual tau2 of a meta-regression on the levels", "Borenstein & Higgins 2013, doi:10.1007/s11121-013-0377-7";
    }
}

choice! {
    /// Which model the pooled value is read from.
    Model, "model", "which model gives the pooled proportion", {
        Common: "common", ["fixed", "EE", "FE"], "common-effect model",
            "weights 1/v", "Rice, Higgins & Lumley 2018, doi:10.1111/rssa.12275";
        Random: "random", ["RE"], "random-effects model",
            "weights 1/(v + tau2)", "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2";
        Glmm: "glmm", ["GLMM"], "binomial-normal model",
            "x ~ Bin(n, h(mu + tau u)), u ~ N(0, 1); exact marginal maximum likelihood",
            "Hamza, van Houwelingen & Stijnen 2008, doi:10.1016/j.jclinepi.2007.03.016; Stijnen, Hamza & Oezdemir 2010, doi:10.1002/sim.4040";
        BetaBinomial: "beta-binomial", ["BB"], "beta-binomial model",
            "x ~ Bin(n, P), P ~ Beta(alpha, beta), rho = 1/(alpha + beta + 1); maximum likelihood",
            "Kuss 2015, doi:10.1002/sim.6383";
        Ivhet: "ivhet", ["IVhet"], "inverse-variance heterogeneity model",
            "weights 1/v; se^2 = sum w^2 (v + tau2)/(sum w)^2", "Doi, Barendregt, Khan, Thalib & Williams 2015, doi:10.1016/j.cct.2015.05.009";
        ThreeLevel: "three-level", ["3-level", "multilevel"], "three-level model of rows in clusters",
            "y = mu + u + w + e, u ~ N(0, tau2_between) of a cluster, w ~ N(0, tau2_within) of a row, e ~ N(0, v); tau2 = tau2_between + tau2_within",
            "Konstantopoulos 2011, doi:10.1002/jrsm.35; Van den Noortgate, Lopez-Lopez, Marin-Martinez & Sanchez-Meca 2013, doi:10.3758/s13428-012-0261-6";
    }
}

choice! {
    /// How the integral in the likelihood of the binomial-normal model is computed.
    Quadrature, "quadrature", "how the integral over a study's random effect in the binomial-normal model is computed", {
        Exact: "exact", [], "to rounding accuracy",
            "the integral itself: quadrature refined until two rules agree", "-";
        Aghq7: "aghq-7", ["AGHQ"], "adaptive Gauss-Hermite quadrature with 7 points",
            "s sum w_j exp(l(u + s t_j) + t_j^2/2) at the mode u, s^2 = 1/(1 + tau2 w(u)), w the expected information; R metafor rma.glmm",
            "Liu & Pierce 1994, doi:10.1093/biomet/81.3.624; Pinheiro & Chao 2006, doi:10.1198/106186006X96962";
        Laplace: "laplace", [], "Laplace approximation",
            "s exp(l(u)) at the mode u, s^2 = 1/(1 + tau2 w(u)), w the expected information; R lme4 glmer",
            "Breslow & Clayton 1993, doi:10.1080/01621459.1993.10594284";
    }
}

choice! {
    /// How the between-study variance τ² is estimated.
    Tau2Method, "tau2", "how the between-study variance is estimated (or a number: a fixed value)", {
        Dl: "dl", [], "DerSimonian-Laird",
            "max(0, (Q - (k - 1))/(S1 - S2/S1)), Sr = sum w^r, w = 1/v",
            "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2";
        Dlit: "dlit", [], "iterated DerSimonian-Laird",
            "the fixed point of the DerSimonian-Laird step at weights 1/(v + tau2); 0 where there is none",
            "Kacker 2004, doi:10.1088/0026-1394/41/3/004";
        Dl2: "dl2", [], "two-step DerSimonian-Laird",
            "one DerSimonian-Laird step at the weights of the first", "DerSimonian & Kacker 2007, doi:10.1016/j.cct.2006.04.004";
        He: "he", ["CO", "VC", "CA"], "Hedges",
            "max(0, sum (y - mean y)^2/(k - 1) - mean v)", "Hedges & Olkin 1985, doi:10.1016/C2009-0-03396-0";
        Hs: "hs", [], "Hunter-Schmidt",
            "max(0, (Q - k)/S1)", "Hunter & Schmidt 2004, doi:10.4135/9781412985031";
        Hsk: "hsk", [], "Hunter-Schmidt with the small-sample correction",
            "max(0, (Q k/(k - 1) - k)/S1)", "Brannick, Potter, Benitez & Morris 2019, doi:10.1177/1094428117741966";
        Sj: "sj", [], "Sidik-Jonkman",
            "t0 sum w (y - m)^2/(k - 1), t0 = sum (y - mean y)^2/k, w = 1/(v/t0 + 1)",
            "Sidik & Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x";
        Sjit: "sjit", [], "iterated Sidik-Jonkman",
            "the fixed point of the Sidik-Jonkman step above 0", "Sidik & Jonkman 2007, doi:10.1002/sim.2688";
        Ml: "ml", [], "maximum likelihood",
            "argmax over tau2 >= 0 of the normal log-likelihood", "Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A";
        Reml: "reml", [], "restricted maximum likelihood",
            "argmax over tau2 >= 0 of the restricted normal log-likelihood", "Viechtbauer 2005, doi:10.3102/10769986030003261";
        Eb: "eb", [], "empirical Bayes",
            "the root of sum w (y - m)^2 = k - 1, w = 1/(v + tau2); 0 where there is none",
            "Morris 1983, doi:10.1080/01621459.1983.10477920";
        Pm: "pm", [], "Paule-Mandel",
            "the root of sum w (y - m)^2 = k - 1, w = 1/(v + tau2); 0 where there is none",
            "Paule & Mandel 1982, doi:10.6028/jres.087.022";
        Pmm: "pmm", [], "median-unbiased Paule-Mandel",
            "the root of sum w (y - m)^2 = median of chi-squared(k-1), w = 1/(v + tau2); 0 where there is none",
            "Viechtbauer 2021, Median-unbiased estimators for the amount of heterogeneity in meta-analysis, European Congress of Methodology, Valencia";
    }
}

choice! {
    /// How the confidence interval of the pooled value is made.
    Ci, "ci", "how the confidence interval of the random-effects estimate is made", {
        Wald: "wald", ["z", "classic"], "Wald (normal quantile)",
            "y +- z se, se^2 = 1/sum w", "Whitehead & Whitehead 1991, doi:10.1002/sim.4780101105";
        T: "t", [], "t with k - 1 degrees of freedom",
            "y +- t(k-1) se, se^2 = 1/sum w", "Follmann & Proschan 1999, doi:10.1111/j.0006-341X.1999.00732.x";
        Hk: "hk", ["knha", "hksj"], "Hartung-Knapp-Sidik-Jonkman",
            "y +- t(k-1) sqrt(s2/sum w), s2 = sum w (y_i - y)^2/(k - 1)",
            "Hartung & Knapp 2001, doi:10.1002/sim.791; Sidik & Jonkman 2002, doi:10.1002/sim.1262";
        HkFloor: "hk-floor", ["adhoc"], "Hartung-Knapp-Sidik-Jonkman, scale factor at least 1",
            "as hk with s2 = max(1, s2)", "Knapp & Hartung 2003, doi:10.1002/sim.1482";
        Kr: "kr", [], "Kenward-Roger",
            "y +- t(df) se with the REML covariance of tau2 in both", "Kenward & Roger 1997, doi:10.2307/2533558; Partlett & Riley 2017, doi:10.1002/sim.7140";
        Profile: "profile", ["PL"], "profile likelihood",
            "the y whose profile log-likelihood is within half a chi-squared(1) quantile of the maximum", "Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A";
        HenmiCopas: "henmi-copas", ["HC"], "Henmi-Copas",
            "common-effect estimate, quantile of its pivot under the random-effects model", "Henmi & Copas 2010, doi:10.1002/sim.4029";
        Bootstrap: "bootstrap", [], "parametric bootstrap (percentiles of 9,999 samples of the random-effects model)",
            "percentiles of the pooled values of 9,999 samples y_i* ~ N(y, v_i + tau2); in each tau2 is estimated anew by the estimator of the analysis", "Efron & Tibshirani 1993, ch. 13, doi:10.1007/978-1-4899-4541-9";
        ClusterRobust: "cluster-robust", ["CR2"], "cluster-robust (CR2, Satterthwaite degrees of freedom)",
            "y +- t(df) se, se^2 = sum W^2 (m - y)^2/(1 - h)/S^2 over clusters with mean m and weight W = 1/(1/sum w + tau2_between), w = 1/(v + tau2_within), S = sum W, h = W/S; df = 1/(sum h^2 (1 - 2h)/(1 - h)^2 + (sum h^2/(1 - h))^2)",
            "Bell & McCaffrey 2002, Survey Methodology 28:169-181; Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004";
    }
}

choice! {
    /// How the prediction interval is made.
    PredictionMethod, "prediction", "how the prediction interval is made", {
        T: "t", ["V"], "t with k - 1 degrees of freedom, Wald standard error",
            "y +- t(k-1) sqrt(se^2 + tau2)", "Viechtbauer, metafor (predict.rma); meta method.predict \"V\"";
        Hts: "hts", ["Riley"], "Higgins-Thompson-Spiegelhalter",
            "y +- t(k-2) sqrt(se^2 + tau2)", "Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x";
        Z: "z", [], "normal quantile, Wald standard error",
            "y +- z sqrt(se^2 + tau2)", "Raudenbush 2009, in: The Handbook of Research Synthesis and Meta-Analysis, 2nd ed.";
        Hk: "hk", [], "t with k - 1 degrees of freedom, Hartung-Knapp standard error",
            "y +- t(k-1) sqrt(se_hk^2 + tau2)", "Partlett & Riley 2017, doi:10.1002/sim.7140";
        HtsHk: "hts-hk", [], "t with k - 2 degrees of freedom, Hartung-Knapp standard error",
            "y +- t(k-2) sqrt(se_hk^2 + tau2)",
            "Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x; R meta 5 to 7 with Hartung-Knapp";
        Bootstrap: "bootstrap", ["NNF"], "parametric bootstrap over the confidence distribution of tau2",
            "percentiles of 25,000 values y(tau2) + z tau + t(k-1) se(tau2), se that of hk; each with a tau2 drawn from its confidence distribution by the exact distribution of Q, no model is fitted anew", "Nagashima, Noma & Furukawa 2019, doi:10.1177/0962280218773520";
        None: "none", [], "no prediction interval", "not computed", "-";
    }
}

choice! {
    /// How the interval of τ² is made.
    Tau2Ci, "tau2-ci", "how the confidence interval of tau2 is made", {
        QProfile: "q-profile", ["QP"], "Q-profile",
            "the tau2 at which Q(tau2) equals the chi-squared(k-1) quantiles", "Viechtbauer 2007, doi:10.1002/sim.2514";
        Profile: "profile", ["PL"], "profile likelihood",
            "the tau2 whose profile log-likelihood is within half a chi-squared(1) quantile of the maximum", "Hardy & Thompson 1996; Viechtbauer 2007, doi:10.1002/sim.2514";
        Jackson: "jackson", ["J"], "Jackson",
            "the tau2 at which the generalised Q with weights 1/sqrt(v) meets its exact quantiles", "Jackson 2013, doi:10.1002/jrsm.1081";
        BiggerstaffJackson: "biggerstaff-jackson", ["BJ"], "Biggerstaff-Jackson",
            "the tau2 at which Q with weights 1/v meets its exact quantiles", "Biggerstaff & Jackson 2008, doi:10.1002/sim.3428";
        Sj: "sj", [], "Sidik-Jonkman",
            "(k - 1) tau2/chi-squared(k-1) quantiles, tau2 by Sidik-Jonkman", "Sidik & Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x";
        None: "none", [], "no interval", "not computed", "-";
    }
}

choice! {
    /// How I² is defined.
    I2Method, "i2", "how I2 is defined", {
        Tau2: "tau2", [], "from tau2 and the typical within-study variance",
            "I2 = 100 tau2/(tau2 + vt), vt = (k - 1) S1/(S1^2 - S2); H2 = 1 + tau2/vt; limits from the tau2 interval",
            "Higgins & Thompson 2002, doi:10.1002/sim.1186";
        Q: "q", [], "from Q",
            "I2 = 100 max(0, (Q - df)/Q); H2 = Q/df; limits from the test-based interval of ln H",
            "Higgins & Thompson 2002, doi:10.1002/sim.1186";
    }
}

choice! {
    /// The interval drawn and printed for each study.
    StudyCi, "study-ci", "the confidence interval of each study", {
        ClopperPearson: "clopper-pearson", ["CP", "exact"], "Clopper-Pearson",
            "quantiles of beta(x, n-x+1) and beta(x+1, n-x)", "Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404";
        Wilson: "wilson", ["WS", "score"], "Wilson score",
            "(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2))/(1 + z^2/n)", "Wilson 1927, doi:10.1080/01621459.1927.10502953";
        WilsonCc: "wilson-cc", ["WSCC"], "Wilson score with continuity correction",
            "Wilson's equation with |p - pi| - 1/2n; 0 at x = 0, 1 at x = n", "Newcombe 1998, method 4, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E";
        AgrestiCoull: "agresti-coull", ["AC"], "Agresti-Coull",
            "Wald with x + z^2/2 events of n + z^2", "Agresti & Coull 1998, doi:10.1080/00031305.1998.10480550";
        Jeffreys: "jeffreys", [], "Jeffreys",
            "quantiles of beta(x + 1/2, n - x + 1/2); 0 at x = 0, 1 at x = n", "Brown, Cai & DasGupta 2001, doi:10.1214/ss/1009213286";
        MidP: "mid-p", ["midp"], "mid-P",
            "the pi at which P(X > x) + P(X = x)/2 equals 1 - alpha/2 and alpha/2", "Lancaster 1961, doi:10.1080/01621459.1961.10482105";
        Wald: "wald", ["SA"], "Wald",
            "p +- z sqrt(p(1-p)/n)", "Laplace 1812; Newcombe 1998, method 1";
        Arcsine: "arcsine", [], "arcsine",
            "sin^2(asin(sqrt(p)) +- z/(2 sqrt(n)))", "Brown, Cai & DasGupta 2001, doi:10.1214/ss/1009213286";
        Transform: "transform", ["NAsm"], "Wald on the analysis scale",
            "back-transform of y +- z sqrt(v)", "metafor (forest.rma); meta method.ci \"NAsm\"";
    }
}

choice! {
    /// Which studies get the zero-cell correction.
    ZeroCells, "zero-cells", "which studies get an amount added to events and non-events", {
        Only0: "only0", [], "studies with none or all events",
            "x + a and n - x + a where x = 0 or x = n", "Cox 1970, The Analysis of Binary Data";
        All: "all", [], "every study", "x + a and n - x + a in every study", "Cox 1970, The Analysis of Binary Data";
        If0All: "if0all", [], "every study, if one has none or all events",
            "as all where any study has x = 0 or x = n, else nothing", "metafor (escalc)";
        None: "none", [], "no correction", "studies whose y or v is not finite, or whose v is 0, are left out", "-";
    }
}

choice! {
    /// Which n enters the inverse of the Freeman-Tukey transformation.
    BackTransform, "back-transform", "which n enters the inverse of the Freeman-Tukey transformation", {
        Harmonic: "harmonic", [], "harmonic mean of the totals", "n = k/sum(1/n_i)", "Miller 1978, doi:10.1080/00031305.1978.10479283";
        Arithmetic: "arithmetic", [], "arithmetic mean of the totals", "n = sum(n_i)/k", "Miller 1978, doi:10.1080/00031305.1978.10479283";
        Geometric: "geometric", [], "geometric mean of the totals", "n = exp(sum(ln n_i)/k)", "Miller 1978, doi:10.1080/00031305.1978.10479283";
        InverseVariance: "inverse-variance", [], "the n that the pooled variance implies",
            "n = 1/(4 se^2)", "Barendregt et al. 2013, doi:10.1136/jech-2013-203104";
        None: "none", [], "the plain arcsine inverse", "sin(y)^2", "Barendregt et al. 2013, doi:10.1136/jech-2013-203104";
    }
}

choice! {
    /// The scale on which the true proportions of a simulation are distributed.
    Link, "link", "the scale on which the true proportions of a simulation are distributed", {
        Logit: "logit", [], "logits", "g(P) = ln(P/(1 - P))", "-";
        Probit: "probit", [], "probits", "g(P) = qnorm(P)", "-";
        Cloglog: "cloglog", [], "complementary log-logs", "g(P) = ln(-ln(1 - P))", "-";
        Log: "log", [], "logarithms", "g(P) = ln(P); P = 1 where a draw lies above 0", "-";
        Arcsine: "arcsine", [], "arcsines", "g(P) = asin(sqrt(P)); P = 0 or 1 where a draw lies beyond the ends", "-";
        Raw: "raw", ["identity"], "proportions", "g(P) = P; P = 0 or 1 where a draw lies beyond the ends", "-";
    }
}

impl Link {
    /// The measure that pools proportions on this scale.
    ///
    /// ```
    /// use metaprop::options::{Link, Measure};
    /// assert_eq!(Link::Probit.measure(), Measure::Probit);
    /// ```
    #[must_use]
    pub const fn measure(self) -> Measure {
        match self {
            Self::Logit => Measure::Logit,
            Self::Probit => Measure::Probit,
            Self::Cloglog => Measure::Cloglog,
            Self::Log => Measure::Log,
            Self::Arcsine => Measure::Arcsine,
            Self::Raw => Measure::Raw,
        }
    }
}

choice! {
    /// How the true proportions of a simulation are distributed on the scale of the link.
    TrueDistribution, "distribution", "how the true proportions of a simulation are distributed on the scale of the link", {
        Normal: "normal", [], "normal", "g(P) = g(p) + tau z, z ~ N(0, 1)", "-";
        T: "t", [], "t with 5 degrees of freedom: heavy tails", "g(P) = g(p) + tau z sqrt(3/5), z ~ t(5)", "-";
        Uniform: "uniform", [], "uniform", "g(P) = g(p) + tau z, z ~ U(-sqrt(3), sqrt(3))", "-";
        Skew: "skew", ["exponential"], "exponential: skewed to the right", "g(P) = g(p) + tau (z - 1), z ~ Exp(1)", "-";
        Beta: "beta", [], "beta, of the proportions themselves (link raw)",
            "P ~ Beta(p s, (1 - p) s), s = p(1 - p)/tau2 - 1: mean p, variance tau2", "-";
    }
}

choice! {
    /// What the estimates of a simulation are compared with.
    Target, "target", "what the estimates of a simulation are compared with", {
        Median: "median", [], "the median of the true proportions",
            "p where the distribution is symmetric on the scale of the link", "-";
        Mean: "mean", [], "the mean of the true proportions", "E P", "-";
        Centre: "centre", ["center"], "the stated p", "g(P) has the mean g(p)", "-";
    }
}

choice! {
    /// A named set of defaults and conventions.
    Profile, "profile", "a named set of defaults and conventions", {
        Default: "default", [], "metaprop's own defaults",
            "logit, REML, Hartung-Knapp interval and prediction interval, Q-profile, I2 from tau2, Clopper-Pearson",
            "docs/profiles.md";
        Cochrane: "cochrane", [], "Cochrane 2025 (RevMan)",
            "logit, REML, Hartung-Knapp interval and prediction interval, Q-profile, I2 from tau2, Wilson",
            "Cochrane Handbook, version 6.5, chapter 10; RevMan, January 2025";
        Metafor: "metafor", [], "R metafor 5.1 (rma.uni)",
            "logit, REML, Wald; prediction with the quantile of the interval; I2 from tau2; studies on the analysis scale",
            "Viechtbauer 2010, doi:10.18637/jss.v036.i03";
        Meta: "meta", [], "R meta 8.4 (metaprop, method \"Inverse\")",
            "logit, REML, Wald; no prediction unless asked; I2 from Q; log with denominator n + a; raw with y uncorrected",
            "Balduzzi, Ruecker & Schwarzer 2019, doi:10.1136/ebmental-2019-300117";
        Meta7: "meta7", [], "R meta 7 (metaprop, method \"Inverse\")",
            "as meta; its prediction interval, when asked, is hts",
            "Balduzzi, Ruecker & Schwarzer 2019, doi:10.1136/ebmental-2019-300117";
        Revman5: "revman5", [], "RevMan 5",
            "logit, DerSimonian-Laird, Wald; no prediction, no tau2 interval; I2 from Q; study intervals Wald",
            "Review Manager 5.4, statistical algorithms (Deeks & Higgins 2010)";
        Stata: "stata", ["metaprop"], "Stata metaprop",
            "raw, DerSimonian-Laird, Wald; no prediction, no tau2 interval; I2 from Q; studies at 0 or 100 % left out",
            "Nyaga, Arbyn & Aerts 2014, doi:10.1186/2049-3258-72-39";
        DlWald: "dl-wald", [], "DerSimonian-Laird with Wald intervals",
            "logit, DerSimonian-Laird, Wald, prediction with z, Q-profile, I2 from Q, Clopper-Pearson",
            "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2";
    }
}
