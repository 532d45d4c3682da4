#!/usr/bin/env Rscript
# Estimates with their variances pooled by metafor, for tests/it/estimates.rs. Needs Debian's r-cran-metafor,
# r-cran-metadat and r-cran-jsonlite (written with metafor 3.8-1, R 4.2.2).
#
#     Rscript generic_estimates.R > ../generic_estimates.json
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
mean_difference <- escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
correlation <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.molloy2014)
sets <- list(
  list(name = "bcg-log-risk-ratio", y = bcg$yi, v = bcg$vi),
  list(name = "normand1999-mean-difference", y = mean_difference$yi, v = mean_difference$vi),
  list(name = "molloy2014-fisher-z", y = correlation$yi, v = correlation$vi),
  list(name = "raudenbush1985-standardised-difference", y = dat.raudenbush1985$yi, v = dat.raudenbush1985$vi)
)
methods <- c(dl = "DL", he = "HE", hs = "HS", hsk = "HSk", sj = "SJ", ml = "ML", reml = "REML", eb = "EB", pm = "PM")
tests <- c(wald = "z", t = "t", hk = "knha")
# The tightest rule under which the iteration ends.
tight <- function(fit) {
  for (threshold in c(1e-14, 1e-13, 1e-12, 1e-11, 1e-10)) {
    done <- tryCatch(fit(list(threshold = threshold, maxiter = 10000, tol = 1e-14)), error = function(e) NULL)
    if (!is.null(done)) return(done)
  }
  stop("no convergence")
}

fitted <- function(set, tau2, ci) {
  y <- set$y; vi <- set$v
  fit <- tight(function(control) rma(y, vi, method = methods[[tau2]], test = tests[[ci]], control = control))
  limits <- confint(fit, control = list(tol = 1e-13, maxiter = 100000, tau2.max = 1e6))$random
  prediction <- predict(fit)
  list(tau2 = tau2, ci = ci, values = list(
    y = fit$beta[1], se = fit$se, ci_y = c(fit$ci.lb, fit$ci.ub), statistic = fit$zval, p = fit$pval,
    prediction_y = c(prediction$pi.lb, prediction$pi.ub), tau2 = fit$tau2, tau2_se = fit$se.tau2,
    tau2_ci = limits["tau^2", c("ci.lb", "ci.ub")], i2 = fit$I2, h2 = fit$H2, q = fit$QE, p_q = fit$QEp,
    weights = as.vector(weights(fit)) / 100))
}

common <- function(set) {
  y <- set$y; vi <- set$v
  fit <- rma(y, vi, method = "EE")
  list(y = fit$beta[1], se = fit$se, ci_y = c(fit$ci.lb, fit$ci.ub), statistic = fit$zval, p = fit$pval)
}

described <- lapply(sets, function(set) {
  grid <- expand.grid(ci = names(tests), tau2 = names(methods), stringsAsFactors = FALSE)
  list(name = set$name, y = as.vector(set$y), v = as.vector(set$v), common = common(set),
       random = Map(function(tau2, ci) fitted(set, tau2, ci), grid$tau2, grid$ci, USE.NAMES = FALSE))
})

# Ratios with their limits, as papers print them: what is pooled are logarithms.
ratios <- data.frame(estimate = round(exp(bcg$yi), 2), lower = round(exp(bcg$yi - qnorm(0.95) * sqrt(bcg$vi)), 2),
                     upper = round(exp(bcg$yi + qnorm(0.95) * sqrt(bcg$vi)), 2))
se <- (log(ratios$upper) - log(ratios$lower)) / (2 * qnorm(0.95))
fit <- rma(log(ratios$estimate), sei = se, method = "DL")
of_ratios <- list(level = 90, rows = ratios, estimate = exp(fit$beta[1]), lower = exp(fit$ci.lb), upper = exp(fit$ci.ub),
                  tau2 = fit$tau2)
# Proportions with their limits: what is pooled are logits.
p <- c(0.12, 0.2, 0.31, 0.08); low <- c(0.07, 0.15, 0.22, 0.03); high <- c(0.2, 0.26, 0.42, 0.19)
fit <- rma(qlogis(p), sei = (qlogis(high) - qlogis(low)) / (2 * qnorm(0.975)), method = "DL")
of_proportions <- list(level = 95, rows = data.frame(estimate = p, lower = low, upper = high),
                       estimate = plogis(fit$beta[1]), lower = plogis(fit$ci.lb), upper = plogis(fit$ci.ub), tau2 = fit$tau2)
cat(toJSON(list(generator = paste("scripts/generic_estimates.R: metafor", packageVersion("metafor")), sets = described,
                log = of_ratios, logit = of_proportions), auto_unbox = TRUE, digits = I(17), pretty = 1), "\n")
