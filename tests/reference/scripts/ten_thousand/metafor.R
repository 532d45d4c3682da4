#!/usr/bin/env Rscript
# Runs every case of a folder made by generate.py through metafor 3.8-1 (Debian's r-cran-metafor), with tightened
# tolerances: one line of JSON per case, numbers with 17 digits.
#
#     Rscript metafor.R FOLDER OUT [PART PARTS]
suppressPackageStartupMessages(library(metafor))
stopifnot(packageVersion("metafor") == "3.8.1")

METHODS <- c(dl = "DL", he = "HE", hs = "HS", hsk = "HSk", sj = "SJ", ml = "ML",
             reml = "REML", eb = "EB", pm = "PM", pmm = "PMM")
SCALES <- c(raw = "PR", log = "PLN", logit = "PLO", arcsine = "PAS", "freeman-tukey" = "PFT")
TESTS <- c(wald = "z", t = "t", hk = "knha", "hk-floor" = "adhoc")
# The value on each scale at a proportion of one half.
HALF <- c(raw = 0.5, log = log(0.5), logit = 0, arcsine = pi / 4, "freeman-tukey" = pi / 4)

# The largest accuracy at which the iteration ends: steps of 1e-15 of a typical variance if it can, else ten
# times that, and so on. `log` collects what R warned of.
tight <- function(d, method, test, level, fixed, log) {
  if (!is.na(fixed)) return(rma(d$yi, d$vi, method = "ML", test = test, level = level, tau2 = fixed))
  if (method %in% c("PM", "PMM"))
    return(rma(d$yi, d$vi, method = method, test = test, level = level, control = list(tol = 1e-300, maxiter = 1e4)))
  if (!(method %in% c("ML", "REML", "EB")))
    return(rma(d$yi, d$vi, method = method, test = test, level = level))
  for (try in list(c(1e-15, 100), c(1e-14, 150), c(1e-13, 200), c(1e-12, 500), c(1e-11, 3000))) {
    control <- list(threshold = try[1] * scale_of(d), maxiter = try[2], tol = 1e-13)
    fit <- tryCatch(rma(d$yi, d$vi, method = method, test = test, level = level, control = control), error = identity)
    if (!inherits(fit, "error")) { log$threshold <- try[1]; return(fit) }
    if (!grepl("did not converge", conditionMessage(fit))) stop(fit)
  }
  stop(fit)
}

# A typical variance.
scale_of <- function(d) max(min(d$vi), 1e-3 * median(d$vi))

number <- function(x) if (length(x) != 1 || is.na(x) || is.infinite(x)) "null" else sprintf("%.17g", x)
numbers <- function(x) paste0("[", paste(vapply(x, number, ""), collapse = ","), "]")
quoted <- function(x) paste0("\"", gsub("[\"\\\\\n\r\t]", " ", x), "\"")

back <- function(measure, y, n) {
  switch(measure, raw = y, log = exp(y), logit = transf.ilogit(y), arcsine = transf.iarcsin(y),
         "freeman-tukey" = vapply(y, transf.ipft.hm, 0, targs = list(ni = n)))
}

effects <- function(s, rows) {
  args <- list(measure = SCALES[[s$measure]], xi = rows$events, ni = rows$total)
  if (s[["zero-cells"]] != "") {
    args$to <- s[["zero-cells"]]
    if (s[["zero-cells"]] != "none") args$add <- as.numeric(s[["zero-amount"]])
  }
  d <- suppressWarnings(do.call(escalc, args))
  kept <- !is.na(d$yi) & !is.na(d$vi) & d$vi > 0
  data.frame(yi = as.vector(d$yi), vi = d$vi, ni = rows$total)[kept, , drop = FALSE]
}

model_fields <- function(out, s, fit, d) {
  half <- HALF[[s$measure]]
  z <- (fit$beta[1] - half) / fit$se
  by_t <- fit$test %in% c("t", "knha", "adhoc")
  out$y <- fit$beta[1]; out$se <- fit$se; out$ci_y <- c(fit$ci.lb, fit$ci.ub)
  both <- back(s$measure, c(fit$beta[1], fit$ci.lb, fit$ci.ub), d$ni)
  out$estimate <- both[1]; out$lower <- both[2]; out$upper <- both[3]
  out$statistic <- z; out$df <- if (by_t) fit$ddf[1] else NA
  out$p <- if (by_t) 2 * pt(abs(z), fit$ddf[1], lower.tail = FALSE) else 2 * pnorm(abs(z), lower.tail = FALSE)
  out$log_likelihood <- as.numeric(logLik(fit)); out$aic <- AIC(fit); out$bic <- BIC(fit)
  out$q <- fit$QE; out$q_p <- fit$QEp; out$q_df <- fit$k - fit$p; out$i2 <- fit$I2; out$h2 <- fit$H2
  out
}

predicted <- function(out, s, fit, refit, d) {
  asked <- s$prediction
  p <- if (asked == "") predict(fit) else if (asked == "hk") predict(fit)
       else if (asked == "z") predict(refit("z"))
       else if (asked == "t") predict(refit("t"))
       else predict(refit("z"), pi.type = "riley")
  out$prediction_y <- c(p$pi.lb, p$pi.ub)
  both <- back(s$measure, out$prediction_y, d$ni)
  out$prediction_lower <- both[1]; out$prediction_upper <- both[2]
  out$prediction_df <- if (is.null(p$pi.ddf) || asked == "z") NA else p$pi.ddf
  out
}

tau2_limits <- function(out, s, fit) {
  if (s[["tau2-ci"]] == "none" || fit$k < 2) return(out)
  type <- c("q-profile" = "QP", profile = "PL")[[s[["tau2-ci"]]]]
  ci <- confint(fit, type = type, control = list(tol = 1e-300, maxiter = 1e4))
  out$tau2_lower <- ci$random[1, 2]; out$tau2_upper <- ci$random[1, 3]
  if (s$i2 == "tau2") { out$i2_lower <- ci$random[3, 2]; out$i2_upper <- ci$random[3, 3] }
  out$sign <- paste0(ci$lb.sign, "/", ci$ub.sign)
  out
}

normal <- function(s, rows, log) {
  d <- effects(s, rows)
  out <- list(k = nrow(d), studies.y = d$yi, studies.v = d$vi)
  if (nrow(d) == 0) stop("no study left")
  level <- as.numeric(s$level)
  reach <- qnorm((1 - level / 100) / 2, lower.tail = FALSE) * sqrt(d$vi)
  out$studies.lower <- mapply(function(y, n) back(s$measure, y, n), d$yi - reach, d$ni)
  out$studies.upper <- mapply(function(y, n) back(s$measure, y, n), d$yi + reach, d$ni)
  common <- rma(d$yi, d$vi, method = "EE", level = level)
  out$weights_common <- as.vector(weights(common)) / 100
  if (s$model == "common") return(model_fields(out, s, common, d))
  fixed <- suppressWarnings(as.numeric(s$tau2))
  method <- if (is.na(fixed)) METHODS[[s$tau2]] else "ML"
  refit <- function(test) tight(d, method, test, level, fixed, log)
  fit <- refit(TESTS[[s$ci]])
  out <- model_fields(out, s, fit, d)
  out$tau2 <- fit$tau2; out$tau2_se <- if (is.na(fixed)) fit$se.tau2 else NULL
  out$weights_random <- as.vector(weights(fit)) / 100
  if (s$i2 == "q") { out$i2 <- common$I2; out$h2 <- common$H2 }
  log$done <- out
  out <- predicted(out, s, fit, refit, d)
  log$done <- out
  tau2_limits(out, s, fit)
}

exact <- function(s, rows, log) {
  level <- as.numeric(s$level)
  fitted <- function(test) rma.glmm(measure = "PLO", xi = rows$events, ni = rows$total, test = test, level = level,
                                    nAGQ = 25, control = list(optCtrl = list(maxfun = 1e5)))
  fit <- fitted(TESTS[[s$ci]])
  out <- list(k = fit$k, y = fit$beta[1], se = fit$se, ci_y = c(fit$ci.lb, fit$ci.ub))
  both <- transf.ilogit(c(out$y, out$ci_y))
  out$estimate <- both[1]; out$lower <- both[2]; out$upper <- both[3]
  out$statistic <- fit$zval; out$p <- fit$pval; out$df <- if (s$ci == "t") fit$ddf[1] else NA
  out$tau2 <- fit$tau2; out$i2 <- fit$I2; out$h2 <- fit$H2
  out$q_wald <- fit$QE.Wld; out$q_lrt <- fit$QE.LRT; out$q_wald_p <- fit$QEp.Wld; out$p_lrt <- fit$QEp.LRT
  log$done <- out
  predicted(out, s, fit, function(test) if (test == TESTS[[s$ci]]) fit else fitted(test), data.frame(ni = rows$total))
}

written <- function(case, out, log) {
  fields <- Filter(function(x) is.numeric(x) || length(x) == 1, out)
  text <- vapply(names(fields), function(f) {
    x <- fields[[f]]
    value <- if (is.character(x)) quoted(x) else if (grepl("^(studies|weight)|ci_y|prediction_y", f)) numbers(x) else number(x)
    paste0(quoted(f), ":", value)
  }, "")
  paste0("{\"case\":", quoted(case), ",\"error\":", if (is.null(log$error)) "null" else quoted(log$error),
         ",\"threshold\":", number(if (is.null(log$threshold)) NA else log$threshold),
         ",\"warnings\":[", paste(vapply(unique(log$warnings), quoted, ""), collapse = ","), "],\"values\":{",
         paste(text, collapse = ","), "}}")
}

main <- function(folder, target, part = 1, parts = 1) {
  read <- function(name) read.csv(file.path(folder, name), check.names = FALSE, colClasses = "character")
  specs <- read("specs.csv"); cases <- read("cases.csv"); studies <- read("studies.csv")
  specs <- split(specs, specs$spec)
  studies$events <- as.numeric(studies$events); studies$total <- as.numeric(studies$total)
  cases <- cases[as.integer(substring(cases$set, 2)) %% parts == part - 1, ]
  studies <- split(studies, studies$set)
  out <- file(target, "w")
  for (i in seq_len(nrow(cases))) {
    s <- as.list(specs[[cases$spec[i]]]); rows <- studies[[cases$set[i]]]
    log <- new.env(); log$warnings <- character()
    values <- tryCatch(withCallingHandlers(
      if (s$model == "glmm") exact(s, rows, log) else normal(s, rows, log),
      warning = function(w) { log$warnings <- c(log$warnings, conditionMessage(w)); invokeRestart("muffleWarning") }),
      error = function(e) { log$error <- conditionMessage(e); if (is.null(log$done)) list() else log$done })
    writeLines(written(cases$case[i], values, log), out)
  }
  close(out)
}

if (sys.nframe() == 0) {
  args <- commandArgs(trailingOnly = TRUE)
  do.call(main, c(as.list(args[1:2]), as.list(as.numeric(args[-(1:2)]))))
}
