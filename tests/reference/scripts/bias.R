#!/usr/bin/env Rscript
# Small-study effects by metafor and lm, for tests/it/bias.rs. Needs Debian's r-cran-metafor, r-cran-metadat and
# r-cran-jsonlite (written with metafor 3.8-1, R 4.2.2). Run in this folder:
#
#     Rscript bias.R > ../bias.json
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

tight <- function(fit) {
  for (threshold in c(1e-14, 1e-13, 1e-12, 1e-11, 1e-10)) {
    done <- tryCatch(fit(list(threshold = threshold, maxiter = 10000, tol = 1e-14)), error = function(e) NULL)
    if (!is.null(done)) return(done)
  }
  stop("no convergence")
}

counts <- function(name, measure) {
  studies <- fromJSON(file.path("..", "data", paste0(name, ".json")))$studies
  # Nothing is added on the arcsine scale.
  es <- escalc(measure = measure, xi = studies$events, ni = studies$total, add = if (measure == "PAS") 0 else 0.5)
  list(name = name, measure = unname(c(PLO = "logit", PAS = "arcsine", PR = "raw")[measure]), events = studies$events,
       total = studies$total, y = as.vector(es$yi), v = as.vector(es$vi))
}
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- c(
  lapply(c("pritz1997", "tofacitinib_aa_sourced_good", "syn_k60", "opioid_misuse_jordan2017"), counts, "PLO"),
  lapply(c("pritz1997", "syn_k60"), counts, "PAS"),
  list(counts("tofacitinib_aa_sourced_good", "PR")),
  list(list(name = "bcg-log-risk-ratio", measure = "generic", y = as.vector(bcg$yi), v = as.vector(bcg$vi)))
)

slope <- function(fit) {
  s <- summary(fit)$coefficients
  list(statistic = s[2, 3], df = fit$df.residual, p = s[2, 4], intercept = s[2, 1], intercept_se = s[2, 2],
       limit_y = s[1, 1], limit_y_se = s[1, 2])
}
null <- function(set) c(logit = 0, arcsine = asin(sqrt(0.5)), raw = 0.5, generic = 0)[[set$measure]]

# Duval & Tweedie's iteration with tight fits.
by_hand <- function(y, v, estimator, side, method) {
  pool <- function(y, v) tight(function(control) rma(y, v, method = method, control = control))
  flip <- if (side == "right") -1 else 1
  o <- order(flip * y); u <- (flip * y)[o]; w <- v[o]; k <- length(u); k0 <- 0
  repeat {
    m <- pool(u[seq_len(k - k0)], w[seq_len(k - k0)])$beta[1]
    r <- rank(abs(u - m), ties.method = "first"); above <- sum(r[u > m])
    found <- switch(estimator, L0 = (4 * above - k * (k + 1)) / (2 * k - 1), R0 = k - max(r[u < m]) - 1,
                    Q0 = k - 0.5 - sqrt(2 * k^2 - 4 * above + 0.25))
    found <- max(0, round(found))
    if (found == k0) break
    k0 <- found
  }
  last <- if (k0 > 0) (k - k0 + 1):k else integer(0)
  list(k0 = k0, fit = pool(flip * c(u, 2 * m - u[last]), c(w, w[last])))
}

of_set <- function(set) {
  y <- set$y; v <- set$v
  out <- list()
  out$egger <- slope(lm(y ~ sqrt(v), weights = 1 / v))
  out$peese <- slope(lm(y ~ v, weights = 1 / v))
  if (!is.null(set$total)) {
    out$macaskill <- slope(lm(y ~ set$total, weights = 1 / v))
    inside <- set$events > 0 & set$events < set$total
    x <- set$events[inside]; n <- set$total[inside]
    out$peters <- slope(lm(y[inside] ~ I(1 / n), weights = x * (n - x) / n))
  }
  rank <- ranktest(y, v)
  out$begg <- list(tau = unname(rank$tau), p = unname(rank$pval))
  out$mixed <- lapply(c(dl = "DL", reml = "REML"), function(method) lapply(c(wald = "z", hk = "knha"), function(test) {
    fit <- tight(function(control) rma(y, v, mods = ~ sqrt(v), method = method, test = test, control = control))
    list(statistic = fit$zval[2], p = fit$pval[2], intercept = fit$beta[2], intercept_se = fit$se[2],
         limit_y = fit$beta[1], tau2 = fit$tau2)
  }))
  grid <- expand.grid(estimator = c("L0", "R0", "Q0"), side = c("left", "right"), method = c("DL", "REML"),
                      stringsAsFactors = FALSE)
  out$trim_fill <- Map(function(estimator, side, method) {
    # trimfill has no tighter iteration of REML: k0 is compared with it, the values are by the same steps, tight.
    filled <- tryCatch(suppressWarnings(trimfill(tight(function(control) rma(y, v, method = method, control = control)),
                       estimator = estimator, side = side)), error = function(e) NULL)
    if (is.null(filled)) return(list(estimator = estimator, side = side, tau2_method = tolower(method), k0 = NULL))
    found <- by_hand(y, v, estimator, side, method)
    stopifnot(found$k0 == filled$k0, abs(found$fit$beta[1] - filled$beta[1]) < 1e-4)
    list(estimator = estimator, side = side, tau2_method = tolower(method), k0 = filled$k0, y = found$fit$beta[1],
         se = found$fit$se, tau2 = found$fit$tau2, q = found$fit$QE)
  }, grid$estimator, grid$side, grid$method, USE.NAMES = FALSE)
  shifted <- y - null(set)
  out$fail_safe <- list(rosenthal = fsn(shifted, v)$fsnum, orwin = fsn(shifted, v, type = "Orwin")$fsnum)
  ml <- tight(function(control) rma(shifted, v, method = "ML", control = control))
  grid <- expand.grid(alternative = c("greater", "less", "two.sided"), steps = 1:2, stringsAsFactors = FALSE)
  out$selection <- Map(function(alternative, steps) {
    steps <- list(0.025, c(0.05, 0.5))[[steps]]
    fit <- NULL
    for (rel.tol in c(1e-12, 1e-10)) if (is.null(fit))
      fit <- tryCatch(suppressWarnings(selmodel(ml, type = "stepfun", steps = steps, alternative = alternative,
        control = list(optimizer = "nlminb", rel.tol = rel.tol, eval.max = 10000, iter.max = 10000))), error = function(e) NULL)
    if (is.null(fit) || any(fit$ptable$k == 0)) return(list(alternative = sub(".", "-", alternative, fixed = TRUE), steps = steps, y = NULL))
    list(alternative = sub(".", "-", alternative, fixed = TRUE), steps = steps, y = fit$beta[1] + null(set), se = fit$se,
         tau2 = fit$tau2, delta = fit$delta, lrt = fit$LRT, p = fit$LRTp)
  }, grid$alternative, grid$steps, USE.NAMES = FALSE)
  c(set, list(expect = out))
}

cat(toJSON(list(generator = "scripts/bias.R: metafor 3.8.1", sets = lapply(sets, of_set)), digits = I(17),
           auto_unbox = TRUE, null = "null", na = "null", pretty = 1), "\n")
