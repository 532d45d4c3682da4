# The binomial-normal model by glmer (lme4 1.1-31) with nAGQ = 7 and 1, and by rma.glmm (metafor 3.8-1), for quadrature.py.
# glmer's own tolerance for the mode (tolPwrss = 1e-7) moves the Laplace deviance by 1e-4, so it is the first of 1e-13,
# 1e-11 and 1e-9 with which it does not give up; rma.glmm
# is called with its defaults. With nAGQ = 7 the log-likelihood of glmer is relative to that of the saturated model.
suppressMessages({ library(lme4); library(metafor) })
sets <- list(
  six = list(x = c(8, 9, 21, 8, 0, 3), n = c(12, 13, 66, 18, 10, 30)),
  fourteen = list(x = c(14, 11, 21, 60, 1, 5, 3, 19, 30, 22, 11, 18, 4, 11), n = c(19, 12, 74, 120, 32, 5, 9, 25, 47, 30, 41, 44, 11, 22)),
  rare = list(x = c(0, 2, 0, 6, 0, 1, 3, 0), n = c(55, 17, 76, 98, 47, 120, 400, 12)),
  large = list(x = c(1200, 900, 48, 33, 7000), n = c(4000, 2500, 160, 90, 20000)))
tight <- function(tolerance) glmerControl(tolPwrss = tolerance, optimizer = "Nelder_Mead",
  optCtrl = list(maxfun = 1e5, FtolAbs = 1e-14, FtolRel = 1e-16, XtolRel = 1e-14))
for (name in names(sets)) {
  x <- sets[[name]]$x; n <- sets[[name]]$n
  data <- data.frame(x, n, study = factor(seq_along(x)))
  saturated <- sum(dbinom(x, n, x / n, log = TRUE))
  for (link in c("logit", "probit", "cloglog")) for (points in c(7, 1)) {
    for (tolerance in c(1e-13, 1e-11, 1e-9)) {
      fit <- try(suppressWarnings(glmer(cbind(x, n - x) ~ 1 + (1 | study), data, family = binomial(link), nAGQ = points,
        control = tight(tolerance))), silent = TRUE)
      if (!inherits(fit, "try-error")) break
    }
    value <- as.numeric(logLik(fit)) + if (points > 1) saturated else 0
    cat(sprintf("%s/%s/%s", name, link, if (points > 1) "aghq-7" else "laplace"),
      sprintf("%.15g", c(fixef(fit), sqrt(vcov(fit)[1, 1]), getME(fit, "theta")^2, value)), "\n")
  }
  fit <- rma.glmm(measure = "PLO", xi = x, ni = n)
  cat(sprintf("%s/rma.glmm", name), sprintf("%.15g", c(fit$beta, fit$se, fit$tau2)), "\n")
}
