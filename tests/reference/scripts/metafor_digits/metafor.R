#!/usr/bin/env Rscript
# Runs metafor 3.8-1 on every case of the certified set that it supports, with its default and with tightened
# tolerances: one line of JSON per case and mode. Needs Debian's r-cran-metafor and r-cran-jsonlite.
#
#     Rscript metafor.R ../../certified OUT
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "..", "ten_thousand", "metafor.R"))
suppressPackageStartupMessages(library(jsonlite))

or <- function(x, default) if (is.null(x)) default else x

# Whether metafor 3.8-1 supports the case (Jackson's intervals need CompQuadForm, which Debian lacks).
known <- function(s) {
  s$measure %in% names(SCALES) && or(s$model, "random") %in% c("common", "random", "glmm") &&
    (or(s$model, "") != "glmm" || s$measure == "logit") && or(s[["tau2"]], "reml") %in% names(METHODS) &&
    or(s$ci, "wald") %in% c(names(TESTS), "henmi-copas") && or(s[["tau2-ci"]], "none") %in% c("none", "q-profile", "profile") &&
    or(s[["study-ci"]], "transform") == "transform" && is.null(s[["back-transform"]]) && is.null(s$i2) &&
    !(or(s$model, "") == "glmm" && or(s$ci, "t") == "profile")
}

complete <- function(s) {
  s$model <- or(s$model, "random"); s$tau2 <- or(s[["tau2"]], "reml"); s$ci <- or(s$ci, "wald")
  s$prediction <- or(s$prediction, "none"); s[["tau2-ci"]] <- or(s[["tau2-ci"]], "none"); s$i2 <- "tau2"; s$level <- "95"
  s[["zero-cells"]] <- if (s$measure %in% c("raw", "log", "logit")) "only0" else ""
  s[["zero-amount"]] <- "0.5"
  s
}

loose <- function(d, method, test, level, fixed, log) rma(d$yi, d$vi, method = method, test = test, level = level)

fit_case <- function(s, rows, is_tight, log) {
  fit_by <- if (is_tight) tight else loose
  if (s$model == "glmm") return(glmm_case(s, rows, is_tight))
  d <- effects(s, rows)
  reach <- qnorm(0.975) * sqrt(d$vi)
  out <- list(studies.y = d$yi, studies.v = d$vi)
  if (!is.null(s[["study-ci"]]))
    return(list(studies.lower = mapply(function(y, n) back(s$measure, y, n), d$yi - reach, d$ni),
                studies.upper = mapply(function(y, n) back(s$measure, y, n), d$yi + reach, d$ni)))
  common <- rma(d$yi, d$vi, method = "EE")
  if (s$model == "common") return(c(out, model_fields(list(), s, common, d), list(studies.weight_common = as.vector(weights(common)) / 100)))
  if (s$ci == "henmi-copas") {
    x <- hc(rma(d$yi, d$vi, method = "DL"))
    both <- back(s$measure, c(x$beta, x$ci.lb, x$ci.ub), d$ni)
    return(c(out, list(y = x$beta[1], se = x$se, ci_y = c(x$ci.lb, x$ci.ub), estimate = both[1], lower = both[2],
                       upper = both[3], tau2 = x$tau2)))
  }
  refit <- function(test) fit_by(d, METHODS[[s$tau2]], test, 95, NA, log)
  fit <- refit(TESTS[[s$ci]])
  out <- model_fields(out, s, fit, d)
  out$tau2 <- fit$tau2; out$tau2_se <- fit$se.tau2; out$studies.weight_random <- as.vector(weights(fit)) / 100
  out$studies.weight_common <- as.vector(weights(common)) / 100
  if (s$prediction != "none") out <- predicted(out, s, fit, refit, d)
  if (s[["tau2-ci"]] == "none") return(out)
  log$done <- out
  control <- if (is_tight) list(tol = 1e-300, maxiter = 1e4) else list()
  ci <- confint(fit, type = c("q-profile" = "QP", profile = "PL")[[s[["tau2-ci"]]]], control = control)
  c(out, list(tau2_lower = ci$random[1, 2], tau2_upper = ci$random[1, 3], i2_lower = ci$random[3, 2], i2_upper = ci$random[3, 3]))
}

glmm_case <- function(s, rows, is_tight) {
  fitted <- function(test) {
    args <- list(measure = "PLO", xi = rows$events, ni = rows$total, test = test)
    if (is_tight) args <- c(args, list(nAGQ = 25, control = list(optCtrl = list(maxfun = 1e5))))
    do.call(rma.glmm, args)
  }
  fit <- fitted(TESTS[[s$ci]])
  both <- transf.ilogit(c(fit$beta[1], fit$ci.lb, fit$ci.ub))
  out <- list(y = fit$beta[1], se = fit$se, ci_y = c(fit$ci.lb, fit$ci.ub), estimate = both[1], lower = both[2], upper = both[3],
              statistic = fit$zval, p = fit$pval, tau2 = fit$tau2, i2 = fit$I2, h2 = fit$H2, q_wald = fit$QE.Wld,
              q_lrt = fit$QE.LRT, p_wald = fit$QEp.Wld, p_lrt = fit$QEp.LRT)
  predicted(out, s, fit, function(test) if (test == TESTS[[s$ci]]) fit else fitted(test), data.frame(ni = rows$total))
}

digits_main <- function(folder, target) {
  out <- file(target, "w")
  for (path in sort(list.files(folder, "[.]json$", full.names = TRUE))) {
    d <- fromJSON(path, simplifyVector = FALSE)
    rows <- data.frame(events = vapply(d$studies, function(x) as.numeric(x[[1]]), 0), total = vapply(d$studies, function(x) as.numeric(x[[2]]), 0))
    for (i in seq_along(d$cases)) {
      if (!known(d$cases[[i]]$spec)) next
      s <- complete(d$cases[[i]]$spec)
      for (mode in c("default", "tight")) {
        log <- new.env()
        values <- tryCatch(suppressWarnings(fit_case(s, rows, mode == "tight", log)),
                           error = function(e) { log$error <- conditionMessage(e); if (is.null(log$done)) list() else log$done })
        writeLines(written(paste(d$dataset, i - 1, mode), values, log), out)
      }
    }
  }
  close(out)
}

args <- commandArgs(trailingOnly = TRUE)
digits_main(args[1], args[2])
