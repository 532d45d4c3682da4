# The standard error of tau2 by the iterated estimators, as metafor 3.8-1 gives it: the values in tests/it/estimators.rs.
# The iteration goes to its end (threshold 1e-15), for tau2 is the converged one there.
suppressMessages(library(metafor))
y <- c(0.1, 0.5, 0.9, 0.2, 1.4, -0.3)
v <- c(0.02, 0.05, 0.04, 0.01, 0.3, 0.1)
x <- c(1, 2, 3, 4, 5, 7)
show <- function(name, y, v, method, ...) {
  fit <- rma(y, v, method = method, control = list(threshold = 1e-15, maxiter = 10000), ...)
  cat(sprintf("%s %s %.16g %.16g\n", name, method, fit$tau2, fit$se.tau2))
}
for (method in c("DLIT", "SJIT")) {
  show("mean", y, v, method)
  show("moderator", y, v, method, mods = ~ x)
  show("zero", c(0.1, 0.12, 0.09), c(0.02, 0.05, 0.04), method)
}
