#!/usr/bin/env Rscript
# The same work in R: processor time per fit, as lines "name<TAB>seconds". Each fit is repeated for one second (at
# least once), and the median is given.
#
#     Rscript metafor.R counts.csv
suppressPackageStartupMessages(library(metafor))

spent <- function() sum(proc.time()[c("user.self", "sys.self")])

seconds <- function(work, least = 1, most = 2000) {
  times <- numeric()
  repeat {
    from <- spent()
    repeats <- if (length(times) && median(times) < 0.01) 20 else 1
    for (i in seq_len(repeats)) work()
    times <- c(times, (spent() - from) / repeats)
    if (sum(times) >= least || length(times) >= most) return(median(times))
  }
}
say <- function(name, value) cat(name, "\t", format(value, digits = 6), "\n", sep = "")

d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
xi <- d$events; ni <- d$n
dat <- escalc(measure = "PLO", xi = xi, ni = ni)
yi <- as.vector(dat$yi); vi <- dat$vi

say("dl", seconds(function() rma(yi, vi, method = "DL")))
say("reml", seconds(function() rma(yi, vi, method = "REML")))
say("glmm", seconds(function() rma.glmm(measure = "PLO", xi = xi, ni = ni), least = 3))
if (requireNamespace("lme4", quietly = TRUE)) {
  study <- factor(seq_along(xi))
  glmer <- function(nodes) suppressMessages(lme4::glmer(cbind(xi, ni - xi) ~ 1 + (1 | study), family = binomial, nAGQ = nodes))
  say("glmer", seconds(function() glmer(25), least = 3))
}
# Every non-empty subset, as in gosh(): a twentieth of them, extrapolated.
subsets <- seq(1, 2^length(yi) - 1, by = 20)
chosen <- lapply(subsets, function(s) bitwAnd(s, 2^(seq_along(yi) - 1)) > 0)
chosen <- chosen[vapply(chosen, sum, 0) > 1]
refits <- function() for (keep in chosen) try(rma(yi[keep], vi[keep], method = "REML"), silent = TRUE)
say("reml of every subset", seconds(refits) * (2^length(yi) - 1) / length(chosen))
fit <- rma(yi, vi, method = "REML")
say("leave-one-out", seconds(function() leave1out(fit)))
say("influence", seconds(function() influence(fit)))
# A thousand permutations, extrapolated to 100,000.
mod <- ((seq_along(yi) - 1) * 7) %% 11
say("permutations", 100 * seconds(function() permutest(rma(yi, vi, mods = ~ mod, method = "DL"), iter = 1000, progbar = FALSE), most = 1))
figure <- tempfile(fileext = ".svg")
say("forest plot", seconds(function() { svg(figure); forest(fit, transf = transf.ilogit); dev.off() }))
# rma() forms k x k matrices; these show how its time grows with k (see README).
for (k in c(500, 1000)) {
  set.seed(1)
  n <- 10 + floor(190 * runif(k)); x <- rbinom(k, n, runif(k))
  big <- escalc(measure = "PLO", xi = x, ni = n)
  say(paste("reml of", k), seconds(function() rma(big$yi, big$vi, method = "REML"), most = 1))
}
