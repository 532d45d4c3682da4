# tau2 where metafor's iterations stop: the values in src/model/tau2/early_stop.rs, and those of a table of proportions
# near 1 on the raw scale. Written with R 4.2 and metafor 3.8-1: Rscript early_stop.R TABLE.csv
suppressMessages(library(metafor))
show <- function(y, v, method) {
  fit <- rma(y, v, method = method)
  cat(sprintf("%s %.17g %.17g %.17g %.17g\n", method, fit$tau2, fit$b, fit$ci.lb, fit$ci.ub))
}
y <- c(0.1, 0.5, 0.9, 0.2, 1.4, -0.3)
v <- c(0.02, 0.05, 0.04, 0.01, 0.3, 0.1)
for (method in c("REML", "ML", "EB", "DLIT", "SJIT")) show(y, v, method)
show(c(1, 0, 0.5, 0.6, 3), c(1, 0.001, 2, 2, 6), "REML")
table <- commandArgs(trailingOnly = TRUE)
if (length(table) == 1) {
  data <- escalc(measure = "PR", xi = events, ni = total, data = read.csv(table), add = 0.5, to = "only0")
  for (method in c("REML", "ML", "EB", "DLIT", "SJIT")) show(data$yi, data$vi, method)
}
