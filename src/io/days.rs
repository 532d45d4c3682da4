//! Days and times as text: `2019-05-31`, `2019-05-31 08:30:00`.

/// Days from 1 March of the year 0 to 1 January 1970.
const BEFORE_1970: i64 = 719_468;
/// Days in 400 years.
const DAYS_OF_ERA: i64 = 146_097;
const SECONDS_OF_DAY: i64 = 86_400;

/// The day so many days after 1 January 1970.
pub(super) fn day(days: i64) -> String {
    let [year, month, day] = calendar(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The time so many seconds after 1 January 1970; at midnight the day alone.
pub(super) fn time(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(SECONDS_OF_DAY), seconds.rem_euclid(SECONDS_OF_DAY));
    if second == 0 { day(days) } else { format!("{} {}", day(days), of_day(second)) }
}

/// The time so many seconds after midnight.
pub(super) fn of_day(second: i64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// Year, month and day of the Gregorian calendar. Years are counted from March, so that the leap day is their last.
fn calendar(days: i64) -> [i64; 3] {
    let shifted = days.saturating_add(BEFORE_1970);
    let (era, day) = (shifted.div_euclid(DAYS_OF_ERA), shifted.rem_euclid(DAYS_OF_ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    [400 * era + year + i64::from(month <= 2), month, day_of_month]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (-3653, "1960-01-01"),
            (11_016, "2000-02-29"),
            (18_047, "2019-05-31"),
            (-719_162, "0001-01-01"),
            (2_932_896, "9999-12-31"),
        ] {
            assert_eq!(day(days), text);
        }
        day(i64::MAX);
        day(i64::MIN);
    }

    #[test]
    fn a_time_at_midnight_is_a_day() {
        assert_eq!(time(86_400), "1970-01-02");
        assert_eq!(time(-1), "1969-12-31 23:59:59");
        assert_eq!(time(18_047 * 86_400 + 30_600), "2019-05-31 08:30:00");
    }
}
