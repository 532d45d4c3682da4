# Writes tests/reference/tables/table-113.dta, as Stata 8 wrote it.
#
# Rscript tests/reference/scripts/tables/stata.R, with foreign 0.8.

library(foreign)
table <- data.frame(
  study = iconv(c("Müller 2001", "Berg", "Cho"), "UTF-8", "latin1"),
  events = c(3L, 100L, NA),
  total = c(10L, 32740L, 70000L),
  score = c(0.1, NA, -2.5),
  region = factor(c("North", "South", NA)),
  day = as.Date(c("2019-05-31", NA, "1959-12-31"))
)
write.dta(table, "tests/reference/tables/table-113.dta", version = 8L)
