#!/usr/bin/env Rscript
# The three-level model by metafor, for tests/it/three_level.rs. Needs Debian's r-cran-metafor, r-cran-metadat and
# r-cran-jsonlite (written with metafor 3.8-1, R 4.2.2). Run in this folder:
#
#     Rscript three_level.R > ../three_level.json
#
# Variances and limits by profile likelihood are those of rma.mv and confint with tight tolerances. three_level.py has
# them once more by dense matrices in 50 digits, for where the two of us differ.
suppressPackageStartupMessages({library(metafor); library(jsonlite)})

proportions <- function(name, measure, cluster) {
  studies <- fromJSON(file.path("..", "data", paste0(name, ".json")))$studies
  es <- escalc(measure = measure, xi = studies$events, ni = studies$total, add = if (measure == "PAS") 0 else 0.5)
  k <- nrow(studies)
  list(name = paste(name, measure, deparse(body(cluster))), measure = unname(c(PLO = "logit", PAS = "arcsine", PR = "raw")[measure]),
       events = studies$events, total = studies$total, y = as.vector(es$yi), v = as.vector(es$vi),
       cluster = as.character(cluster(seq_len(k))))
}
generic <- function(name, y, v, cluster) {
  list(name = name, measure = "generic", y = as.vector(y), v = as.vector(v), cluster = as.character(cluster))
}
made <- function(name, seed, clusters, size, between, within, v = c(0.01, 0.2)) {
  set.seed(seed)
  cluster <- rep(seq_len(clusters), times = rep_len(size, clusters))
  k <- length(cluster)
  v <- round(runif(k, v[1], v[2]), 6)
  y <- round(0.3 + rnorm(clusters, 0, sqrt(between))[cluster] + rnorm(k, 0, sqrt(within)) + rnorm(k, 0, sqrt(v)), 6)
  generic(name, y, v, cluster)
}
kon <- dat.konstantopoulos2011
assink <- dat.assink2016
berkey <- dat.berkey1998
sets <- list(
  generic("konstantopoulos2011", kon$yi, kon$vi, kon$district),
  generic("assink2016", assink$yi, assink$vi, assink$study),
  generic("berkey1998", berkey$yi, berkey$vi, berkey$trial),
  # Nothing between the clusters.
  generic("no-between", c(-0.5, 0.7, 1.5, -0.9, 0.1, 0.4, -0.2, 0.2), c(0.04, 0.05, 0.02, 0.06, 0.1, 0.03, 0.08, 0.05), c(1, 1, 2, 2, 3, 3, 4, 4)),
  # Nothing within them.
  generic("no-within", c(0.1, 0.12, 0.95, 0.9, 1.8, 1.83, -0.4, -0.38, -0.41), c(0.04, 0.05, 0.02, 0.06, 0.1, 0.03, 0.08, 0.05, 0.02), c(1, 1, 2, 2, 3, 3, 4, 4, 4)),
  generic("neither", c(0.1, 0.12, 0.15, 0.09), c(0.4, 0.5, 0.2, 0.6), c(1, 1, 2, 2)),
  generic("two-clusters", c(0.1, 0.5, 0.3, 1.4, 1.1, 1.6, 1.2), c(0.04, 0.05, 0.02, 0.06, 0.1, 0.03, 0.02), c(1, 1, 1, 2, 2, 2, 2)),
  # One cluster of many rows beside clusters of one.
  made("uneven", 3, 9, c(12, 1, 1, 2, 1, 1, 1, 5, 1), 0.1, 0.05),
  made("small-variances", 5, 12, c(2, 3, 4), 1e-5, 4e-6, c(1e-6, 1e-5)),
  made("many", 7, 24, c(1, 2, 3, 6), 0.2, 0.1),
  proportions("pritz1997", "PLO", function(row) (row - 1) %/% 2),
  proportions("tofacitinib_aa_sourced_good", "PLO", function(row) (row - 1) %/% 3),
  proportions("opioid_misuse_jordan2017", "PAS", function(row) row %% 9),
  proportions("syn_k60", "PR", function(row) row %% 20)
)

fit <- function(set, method) {
  data <- data.frame(y = set$y, v = set$v, cluster = set$cluster, row = seq_along(set$y))
  tight <- function(tol) list(optimizer = "nlminb", rel.tol = tol, x.tol = 1e-13, sing.tol = 1e-30, eval.max = 5000, iter.max = 5000)
  # Left alone confint looks no further than 100 times the estimate or so, which two clusters do not keep to.
  search <- if (set$name == "two-clusters" && method == "REML") list(tol = 1e-13, vc.max = 1000) else list(tol = 1e-13)
  both <- NULL
  # nlminb says of a flat maximum that it did not converge where it may not stop earlier.
  for (tol in c(1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10)) {
    both <- tryCatch({
      model <- suppressWarnings(rma.mv(y, v, random = ~ 1 | cluster/row, data = data, method = method, control = tight(tol)))
      list(model = model, limits = suppressWarnings(confint(model, control = search)))
    }, error = function(e) NULL)
    if (!is.null(both)) break
  }
  if (is.null(both)) stop(paste("no convergence:", set$name, method))
  model <- both$model
  limits <- both$limits
  profile <- function(of) unname(limits[[of]]$random[1, 2:3])
  t <- suppressWarnings(predict(update(model, test = "t")))
  list(
    between = model$sigma2[1], within = model$sigma2[2], between_ci = profile(1), within_ci = profile(2),
    y = as.vector(model$b), se = model$se, log_likelihood = as.vector(logLik(model)), aic = AIC(model), bic = BIC(model),
    ci_z = c(model$ci.lb, model$ci.ub), ci_t = c(t$ci.lb, t$ci.ub), pi_t = c(t$pi.lb, t$pi.ub),
    q = model$QE, weights = as.vector(weights(model, type = "rowsum")) / 100
  )
}

for (index in seq_along(sets)) {
  sets[[index]]$reml <- fit(sets[[index]], "REML")
  sets[[index]]$ml <- fit(sets[[index]], "ML")
  message(sets[[index]]$name)
}
cat(toJSON(sets, auto_unbox = TRUE, digits = I(17), null = "null", na = "null"), "\n")
