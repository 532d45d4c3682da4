# The calls of docs/for-r-users.md and docs/methods with what R metafor gives, once with its default tolerances and once
# with its iterations tightened. tests/it/book.rs runs the command beside each call and compares.
#
#   Rscript book.R > ../book.json          (R 4.2.2, metafor 3.8-1, lme4 1.1-31)
suppressMessages(library(metafor))
# The smallest step at which the iteration still ends.
steps <- c(1e-15, 1e-14, 1e-13, 1e-12)
tight <- list(threshold = steps[1], maxiter = 1e4, tol = 1e-14)

nested_csv <- "study,arm,events,total
Alpha,a,8,12
Alpha,b,9,13
Beta,a,21,66
Beta,b,8,18
Gamma,a,30,40
Gamma,b,5,9
Delta,a,3,30
"
series_csv <- "study,year,events,total,dose,route
Alpha,2001,8,12,5,oral
Beta,2002,9,13,10,oral
Gamma,2004,21,66,5,topical
Delta,2006,8,18,10,topical
Epsilon,2009,30,40,20,oral
Zeta,2012,5,9,5,topical
"
dat <- dat.pritz1997
es <- escalc(measure = "PLO", xi = xi, ni = ni, data = dat)
nested <- escalc(measure = "PLO", xi = events, ni = total, data = read.csv(text = nested_csv))
series <- escalc(measure = "PLO", xi = events, ni = total, data = read.csv(text = series_csv))
nested$row <- seq_len(nrow(nested))

number <- function(x) ifelse(is.na(x), "null", format(x, digits = 17, scientific = TRUE, trim = TRUE))
text <- function(x) paste0('"', gsub("\n", "\\\\n", gsub('"', '\\\\"', x)), '"')
value <- function(x) if (length(x) == 1) number(x) else paste0("[", paste(number(x), collapse = ", "), "]")
object <- function(x) paste0("{", paste(text(names(x)), sapply(x, value), sep = ": ", collapse = ", "), "}")

cases <- character()
# `fit` is evaluated first where the call is of a fitted model; `control` says whether it can be tightened.
case <- function(call, command, extract, fit = NULL, control = TRUE, tolerance = 1e-9, files = NULL) {
  evaluate <- function(tightened) {
    with_control <- function(code) {
      code <- parse(text = code)[[1]]
      if (tightened && (as.character(code[[1]]) %in% c("rma", "confint"))) code$control <- quote(tight)
      code
    }
    here <- new.env(parent = globalenv())
    if (!is.null(fit)) assign("fit", eval(with_control(fit), here), envir = here)
    extract(suppressWarnings(eval(with_control(call), here)), get0("fit", envir = here))
  }
  tightened <- function() {
    for (step in steps) {
      tight$threshold <<- step
      found <- try(evaluate(TRUE), silent = TRUE)
      if (!inherits(found, "try-error")) return(found)
    }
    stop(call)
  }
  body <- c(
    paste0('"call": ', text(call)),
    if (!is.null(fit)) paste0('"fit": ', text(fit)),
    paste0('"command": ', text(command)),
    paste0('"tolerance": ', number(tolerance)),
    if (!is.null(files)) paste0('"files": {', paste(text(names(files)), text(files), sep = ": ", collapse = ", "), "}"),
    paste0('"default": ', object(evaluate(FALSE))),
    if (control) paste0('"tightened": ', object(tightened()))
  )
  cases <<- c(cases, paste0("  {", paste(body, collapse = ",\n   "), "}"))
}

common <- function(r, ...) list("common.y" = r$b[1], "common.se" = r$se, "common.ci_y.0" = r$ci.lb, "common.ci_y.1" = r$ci.ub)
pooled <- function(r, ...) list("random.y" = r$b[1], "random.se" = r$se, "random.ci_y.0" = r$ci.lb,
  "random.ci_y.1" = r$ci.ub, "random.p" = r$pval)
whole <- function(r, ...) c(pooled(r), list("heterogeneity.tau2" = r$tau2, "heterogeneity.tau2_se" = r$se.tau2,
  "heterogeneity.i2" = r$I2, "heterogeneity.h2" = r$H2, "heterogeneity.q" = r$QE, "heterogeneity.p" = r$QEp))

# Measures.
for (m in list(c("PR", "raw"), c("PLN", "log"), c("PLO", "logit"), c("PAS", "arcsine"), c("PFT", "freeman-tukey"))) {
  case(sprintf('escalc(measure = "%s", xi = xi, ni = ni, data = dat)', m[1]),
    sprintf("pool @pritz1997 --profile metafor --measure %s", m[2]),
    function(r, ...) list("studies.*.y" = as.numeric(r$yi), "studies.*.v" = as.numeric(r$vi)), control = FALSE)
}

# The default, the estimators of tau2, the tests. DLIT is not among them: on these data metafor 3.8-1 ends with "Iterative DL
# estimator did not converge", and with maxiter = 10000 at 0.1888, which is no root of Q(tau2) = k - 1.
case("rma(yi, vi, data = es)", "pool @pritz1997 --profile metafor", whole)
for (m in list(c("DL", "dl"), c("HE", "he"), c("HS", "hs"), c("HSk", "hsk"), c("SJ", "sj"), c("SJIT", "sjit"),
  c("ML", "ml"), c("EB", "eb"), c("PM", "pm"), c("PMM", "pmm"))) {
  case(sprintf('rma(yi, vi, data = es, method = "%s")', m[1]),
    sprintf("pool @pritz1997 --profile metafor --tau2 %s", m[2]), whole)
}
case("rma(yi, vi, data = es, tau2 = 0.2)", "pool @pritz1997 --profile metafor --tau2 0.2", pooled)
case('rma(yi, vi, data = es, method = "EE")', "pool @pritz1997 --profile metafor --model common", common)
case('rma(yi, vi, data = es, method = "DL", weights = 1/vi)', "pool @pritz1997 --profile metafor --model ivhet", pooled)
case('rma(yi, vi, data = es, test = "t")', "pool @pritz1997 --profile metafor --ci t", whole)
case('rma(yi, vi, data = es, test = "knha")', "pool @pritz1997 --profile metafor --ci hk", whole)
case('rma(yi, vi, data = es, test = "adhoc")', "pool @pritz1997 --profile metafor --ci hk-floor", whole)

# Intervals of a fitted model.
reml <- "rma(yi, vi, data = es)"
case("predict(fit, transf = transf.ilogit)", "pool @pritz1997 --profile metafor", function(r, ...)
  list("random.estimate" = r$pred, "random.lower" = r$ci.lb, "random.upper" = r$ci.ub,
    "prediction.lower" = r$pi.lb, "prediction.upper" = r$pi.ub), fit = reml)
case('predict(fit, pi.type = "riley")', "pool @pritz1997 --profile metafor --prediction hts", function(r, ...)
  list("prediction.ci_y.0" = r$pi.lb, "prediction.ci_y.1" = r$pi.ub), fit = reml)
case("confint(fit)", "pool @pritz1997 --profile metafor", function(r, ...)
  list("heterogeneity.tau2_lower" = r$random[1, 2], "heterogeneity.tau2_upper" = r$random[1, 3],
    "heterogeneity.i2_lower" = r$random[3, 2], "heterogeneity.i2_upper" = r$random[3, 3]), fit = reml)
case('confint(fit, type = "PL")', "pool @pritz1997 --profile metafor --tau2-ci profile", function(r, ...)
  list("heterogeneity.tau2_lower" = r$random[1, 2], "heterogeneity.tau2_upper" = r$random[1, 3]), fit = reml,
  tolerance = 1e-6)
case("hc(fit)", "pool @pritz1997 --profile metafor --ci henmi-copas", function(r, ...)
  list("random.y" = r$beta, "random.se" = r$se, "random.ci_y.0" = r$ci.lb, "random.ci_y.1" = r$ci.ub),
  fit = 'rma(yi, vi, data = es, method = "DL")', control = FALSE, tolerance = 1e-4)
case("predict(fit, transf = transf.ipft.hm, targs = list(ni = dat$ni))",
  "pool @pritz1997 --profile metafor --measure freeman-tukey", function(r, ...)
  list("random.estimate" = r$pred, "random.lower" = r$ci.lb, "random.upper" = r$ci.ub),
  fit = 'rma(measure = "PFT", xi = xi, ni = ni, data = dat)')

# Models of the counts, and of clusters.
case('rma.glmm(measure = "PLO", xi = xi, ni = ni, data = dat)',
  "pool @pritz1997 --profile metafor --model glmm --quadrature aghq-7", function(r, ...)
  list("random.y" = r$b[1], "random.se" = r$se, "heterogeneity.tau2" = r$tau2, "heterogeneity.q_lrt" = r$QE.LRT,
    "heterogeneity.q_wald" = r$QE.Wld),
  control = FALSE, tolerance = 1e-4)
case('rma.glmm(measure = "PLO", xi = xi, ni = ni, data = dat)',
  "pool @pritz1997 --profile metafor --model glmm", function(r, ...)
  list("random.y" = r$b[1], "random.se" = r$se, "heterogeneity.tau2" = r$tau2), control = FALSE, tolerance = 1e-3)
case('rma.mv(yi, vi, random = ~ 1 | study/row, data = nested, test = "t")',
  "pool nested.csv --profile metafor --model three-level --cluster study --ci t", function(r, ...)
  list("random.y" = r$b[1], "random.se" = r$se, "random.ci_y.0" = r$ci.lb, "random.ci_y.1" = r$ci.ub,
    "heterogeneity.tau2" = sum(r$sigma2)),
  control = FALSE, tolerance = 1e-5, files = c("nested.csv" = nested_csv))

# After pooling.
case("rma(yi, vi, mods = ~ dose, data = series)",
  "regress series.csv --profile metafor --mods dose", function(r, ...)
  list("coefficients.*.estimate" = as.numeric(r$b), "coefficients.*.se" = r$se, "coefficients.*.p" = r$pval,
    "omnibus.statistic" = r$QM, "residual.q" = r$QE, "residual.tau2" = r$tau2, "r2" = r$R2), files = c("series.csv" = series_csv))
case('rma(yi, vi, mods = ~ dose, data = series, test = "knha")',
  "regress series.csv --profile metafor --ci hk --mods dose", function(r, ...)
  list("coefficients.*.estimate" = as.numeric(r$b), "coefficients.*.se" = r$se, "coefficients.*.p" = r$pval,
    "omnibus.statistic" = r$QM), files = c("series.csv" = series_csv))
case("leave1out(fit)", "leave-one-out @pritz1997 --profile metafor", function(r, ...)
  list("rows.*.y" = r$estimate, "rows.*.se" = r$se, "rows.*.tau2" = r$tau2, "rows.*.q" = r$Q), fit = reml)
case("cumul(fit)", "cumulative @pritz1997 --profile metafor", function(r, ...)
  list("rows.*.y" = r$estimate, "rows.*.se" = r$se), fit = reml)
case("influence(fit)", "influence @pritz1997 --profile metafor", function(r, ...)
  list("rows.*.rstudent" = r$inf$rstudent, "rows.*.dffits" = r$inf$dffits, "rows.*.cook" = r$inf$cook.d,
    "rows.*.cov_ratio" = r$inf$cov.r, "rows.*.hat" = r$inf$hat), fit = reml)
case('regtest(fit, model = "lm")', "bias @pritz1997 --profile metafor", function(r, ...)
  list("egger.statistic" = r$zval, "egger.p" = r$pval), fit = reml, control = FALSE)
case("regtest(fit)", "bias @pritz1997 --profile metafor", function(r, ...)
  list("egger_mixed.statistic" = r$zval, "egger_mixed.p" = r$pval), fit = reml)
case("ranktest(fit)", "bias @pritz1997 --profile metafor", function(r, ...)
  list("begg.tau" = r$tau, "begg.p" = r$pval), fit = reml, control = FALSE)
case('trimfill(fit, side = "left")', "bias @pritz1997 --profile metafor --tau2 dl", function(r, ...)
  list("trim_fill.0.k0" = r$k0, "trim_fill.0.y" = r$b[1], "trim_fill.0.se" = r$se),
  fit = 'rma(yi, vi, data = es, method = "DL")', control = FALSE)
case('fsn(yi, vi, data = es)', "bias @pritz1997 --profile metafor", function(r, ...)
  list("fail_safe_n.rosenthal" = r$fsnum), control = FALSE)

# What pages say of a result of metafor that is another than ours.
six <- data.frame(yi = c(.1, .5, .9, .2, 1.4, -.3), vi = c(.02, .05, .04, .01, .3, .1))
peaks <- data.frame(yi = c(0, .1, 3, -3), vi = c(1e-6, 1e-6, 1, 1))
said <- function(call, page, digits) {
  sprintf('  {"page": %s, "call": %s, "shown": "%s"}', text(page), text(call),
    format(eval(parse(text = call)), digits = digits))
}
pages <- c(
  said('rma(yi, vi, data = six, method = "DLIT")$tau2', "methods/dersimonian-laird.md", 7),
  said('rma(yi, vi, data = peaks, method = "ML", control = list(threshold = 1e-14))$tau2', "methods/likelihood.md", 7)
)

cat('{"generator": {"R": ', text(paste(R.version$major, R.version$minor, sep = ".")), ', "metafor": ',
  text(as.character(packageVersion("metafor"))), ', "lme4": ', text(as.character(packageVersion("lme4"))),
  '},\n "cases": [\n', paste(cases, collapse = ",\n"), '\n ],\n "pages": [\n', paste(pages, collapse = ",\n"), "\n]}\n", sep = "")
