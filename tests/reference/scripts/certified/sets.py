"""The data sets: name, purpose, difficulty, and the counts as (events, total)."""
MOST_FOR_LIKELIHOODS = 20


def moderate(k):
    """k ordinary studies by a fixed rule: totals 24 to 120, proportions around 35 %."""
    found = []
    for i in range(k):
        n = 24 + (37 * i) % 97
        percent = 35 + (53 * i) % 31 - 15 + (7 * i) % 11 - 5
        found.append((n * percent // 100, n))
    return found


def rare(k):
    """k studies of 20 to 400 people with 0 to 3 events."""
    return [((5 * i * i + 3 * i) % 7 // 2, 20 + (61 * i) % 381) for i in range(k)]


ROWS = [
    # name, class, about, studies
    ("good-response", "easy", "14 series of tofacitinib for alopecia areata, good response",
     [(21, 66), (9, 13), (8, 12), (8, 8), (8, 18), (3, 4), (3, 3), (2, 9), (67, 97), (18, 35), (12, 20), (13, 17), (33, 69), (7, 11)]),
    ("aneurysm-occlusion", "easy", "Pritz 1997, 14 studies, two with every event",
     [(16, 17), (10, 12), (4, 8), (43, 58), (10, 10), (25, 42), (13, 14), (12, 12), (22, 41), (4, 5), (5, 6), (18, 23), (58, 68), (6, 10)]),
    ("p16-normal-smears", "ordinary", "Tsoumpou 2009, 19 studies with six zeros and strong heterogeneity",
     [(0, 2), (6, 29), (0, 12), (0, 30), (0, 30), (6, 57), (3, 23), (76, 156), (0, 9), (1, 108), (11, 148), (0, 100), (3, 23), (1, 48), (31, 89), (2, 21), (7, 35), (21, 235), (57, 160)]),
    ("catheter-control", "easy", "Stijnen 2010, control arms, rare events, one zero",
     [(3, 117), (3, 35), (9, 195), (7, 136), (6, 157), (4, 139), (3, 177), (2, 39), (19, 103), (2, 122), (7, 64), (1, 58), (5, 175), (11, 180), (0, 105), (1, 262), (3, 362), (1, 69)]),
    ("catheter-treated", "ordinary", "Stijnen 2010, treated arms, rarer events, six zeros",
     [(0, 116), (1, 44), (2, 208), (0, 130), (5, 151), (1, 98), (1, 174), (1, 74), (1, 97), (1, 113), (0, 66), (0, 70), (3, 188), (6, 187), (0, 118), (0, 252), (1, 345), (4, 64)]),
    ("opioid-misuse", "easy", "Jordan 2017, 15 large surveys of close proportions",
     [(2186, 21826), (91, 912), (126, 1084), (543, 7646), (6496, 55215), (10850, 114783), (86, 527), (668, 9403), (843, 11274), (647, 8888), (11521, 126764), (1111, 11554), (2090, 16599), (2193, 25127), (1913, 22783)]),
    ("miller", "easy", "the four studies of Miller 1978", [(3, 11), (6, 17), (10, 21), (1, 6)]),
    ("zero-to-full", "ordinary", "from none to all events in five small studies",
     [(0, 10), (4, 10), (9, 15), (16, 20), (20, 20)]),
    ("all-full", "hard", "every study full", [(10, 10), (15, 15), (20, 20)]),
    ("all-zero", "hard", "every study without events", [(0, 10), (0, 15), (0, 20)]),
    ("dominating", "hard", "one of a million among tens", [(300000, 1000000), (4, 20), (10, 25), (7, 30), (25, 60), (2, 15)]),
    ("equal-proportions", "hard", "the same proportion at four sizes: Q is exactly 0", [(1, 10), (2, 20), (3, 30), (4, 40)]),
    ("one-study", "easy", "nothing to pool", [(7, 25)]),
    ("two-studies", "easy", "the smallest pool", [(5, 20), (30, 60)]),
    ("sixty", "easy", "60 ordinary studies",
     [(19, 56), (20, 39), (15, 67), (14, 42), (23, 94), (8, 73), (21, 63), (14, 26), (7, 46), (5, 30), (25, 67), (17, 87), (56, 195), (6, 29), (9, 59), (19, 55), (26, 113), (58, 130), (24, 42), (26, 54), (13, 64), (8, 32), (15, 64), (12, 58), (5, 46), (9, 38), (80, 342), (25, 97), (10, 51), (7, 16), (12, 84), (7, 60), (54, 266), (16, 100), (11, 20), (25, 56), (39, 80), (6, 55), (26, 54), (18, 41), (5, 15), (45, 253), (14, 67), (109, 176), (1, 14), (42, 77), (5, 26), (11, 68), (24, 95), (10, 36), (22, 71), (1, 11), (11, 88), (26, 63), (1, 24), (19, 51), (17, 104), (7, 55), (13, 57), (14, 51)]),
    ("rare", "hard", "two in 200,000 beside one in 30", [(2, 200000), (1, 16000), (1, 700), (1, 45), (1, 30)]),
    ("tiny", "hard", "one to three people a study", [(0, 1), (1, 1), (1, 2), (2, 2), (0, 2), (3, 3), (1, 3), (2, 3)]),
    ("full-to-a-billion", "vicious", "two full studies of 3e5 and 5e8 and one at 6 %", [(300000, 300000), (482191000, 482191000), (10163, 180000)]),
    ("billion-each", "vicious", "three studies of a billion near 25 %",
     [(250000000, 1000000000), (251000000, 1000000000), (248500000, 1000000000)]),
    ("three-in-a-billion", "vicious", "3 of a billion, 90 % of a million, one of two, none of fifty",
     [(3, 1000000000), (900000, 1000000), (1, 2), (0, 50)]),
    ("rare-among-a-billion", "vicious", "0, 5 and 40 of a billion, and none of three",
     [(0, 1000000000), (5, 1000000000), (40, 1000000000), (0, 3)]),
    ("one-of-two", "vicious", "one of two people beside 999 of 1,000", [(1, 2), (999, 1000)]),
    ("million-each", "hard", "four of a million that hardly differ",
     [(500100, 1000000), (499000, 1000000), (500900, 1000000), (501900, 1000000)]),
    ("one-event", "hard", "one event in six studies", [(0, 5), (0, 7), (0, 100), (1, 4), (0, 20), (0, 33)]),
    ("billion-close", "vicious", "three of a billion round 50 % that differ in the fifth digit",
     [(500000000, 1000000000), (500020000, 1000000000), (499990000, 1000000000)]),
    ("one-to-a-billion", "vicious", "totals of every decade from 1 to a billion",
     [(0, 1), (4, 10), (31, 100), (290, 1000), (3050, 10000), (29800, 100000), (301000, 1000000), (2990000, 10000000), (30020000, 100000000), (299900000, 1000000000)]),
    ("near-zero", "vicious", "proportions of about 1e-8", [(12, 1000000000), (7, 600000000), (3, 250000000), (9, 900000000)]),
    ("near-one", "vicious", "proportions of about 1 - 1e-8",
     [(999999988, 1000000000), (599999993, 600000000), (249999997, 250000000), (899999991, 900000000)]),
    ("all-the-weight", "hard", "one study has 99.99 % of the weight", [(4000000, 10000000), (30, 60), (11, 40), (45, 80), (9, 30)]),
    ("two-near-equal", "hard", "two studies that differ by one in 100,000", [(20000, 100000), (20001, 100000)]),
    ("two-far-apart", "hard", "two studies at 1 % and 99 %", [(5, 500), (495, 500)]),
    ("three-with-zeros", "hard", "three studies, none or all in each, and of both kinds", [(0, 12), (9, 9), (0, 31)]),
    ("zero-but-one", "hard", "no events in every study but one", [(0, 20), (0, 35), (12, 40), (0, 15), (0, 60)]),
    ("full-but-one", "hard", "nothing but events in every study but one", [(20, 20), (35, 35), (12, 40), (15, 15), (60, 60)]),
    ("one-person-each", "vicious", "one person a study", [(0, 1), (1, 1), (1, 1), (0, 1), (1, 1), (1, 1), (0, 1)]),
    ("two-people-each", "vicious", "two people a study", [(0, 2), (1, 2), (2, 2), (1, 2), (0, 2), (1, 2), (2, 2), (2, 2), (1, 2)]),
    ("symmetric", "hard", "symmetric about 50 %: the pooled logit is 0", [(10, 40), (30, 40), (3, 10), (7, 10), (50, 100), (8, 80), (72, 80)]),
    ("duplicates", "ordinary", "the same study six times and its mirror image twice", [(7, 30)] * 6 + [(23, 30)] * 2),
    ("two-clusters", "hard", "four near 5 % and four near 95 %, all precise",
     [(50, 1000), (47, 950), (61, 1200), (55, 1100), (950, 1000), (903, 950), (1139, 1200), (1045, 1100)]),
    ("one-outlier", "ordinary", "nine alike and one far off",
     [(20, 100), (24, 120), (17, 90), (31, 150), (12, 60), (22, 115), (16, 80), (27, 130), (19, 95), (88, 100)]),
    ("huge-heterogeneity", "hard", "all but none and all but all events",
     [(1, 4000), (3999, 4000), (2, 9000), (8997, 9000), (500, 1000), (0, 700), (650, 650)]),
    ("two-hundred", "ordinary", "200 moderate studies", moderate(200)),
    ("rare-thirty", "ordinary", "30 studies with none to three events", rare(30)),
    ("big-and-small", "ordinary", "two registers and six case series",
     [(18250, 150000), (9020, 82000), (4, 11), (7, 30), (2, 9), (12, 55), (1, 6), (9, 41)]),
    ("near-half", "easy", "eight trials of about 200 round 50 %",
     [(98, 200), (110, 210), (87, 190), (121, 220), (95, 205), (104, 198), (77, 180), (117, 215)]),
    ("reml-far-mode-wins", "vicious", "logit: the restricted likelihood has maxima at 0.09 and 0.83, the second higher",
     [(14, 15), (948, 1674), (7076, 14413)]),
    ("reml-zero-loses", "vicious", "logit: 0 is a local maximum of the restricted likelihood, another is higher",
     [(30, 59), (57709, 100000), (21, 27)]),
    ("reml-zero-wins", "vicious", "logit: the restricted likelihood has a maximum at 3.2, but 0 is higher",
     [(2194, 4302), (62, 129), (0, 29)]),
    ("reml-three-modes", "vicious", "log: three maxima of the restricted likelihood, the middle one is the highest",
     [(0, 40), (22, 40), (1000, 1000), (50, 50)]),
    ("reml-two-modes-raw", "vicious", "raw: two maxima of the restricted likelihood inside, the nearer wins",
     [(4089, 9039), (219, 449), (3, 3)]),
    ("reml-zero-loses-raw", "vicious", "raw: 0 is a local maximum of the restricted likelihood and loses",
     [(114795, 1000000), (2, 8), (3, 42), (3, 4)]),
    ("ml-two-modes", "vicious", "logit: two maxima of the likelihood inside, the farther wins", [(2620, 7177), (8437, 21859), (3, 53)]),
    ("ml-three-modes", "vicious", "logit: three maxima of the likelihood, 0 among them, the farthest wins",
     [(0, 2), (575181, 825852), (389, 620), (0, 91)]),
    ("just-above-zero", "hard", "logit: Q is 3.0000095 with 3 degrees of freedom, so that tau2 is all but 0",
     [(300, 1000), (288, 1000), (320, 1000), (29719, 96166)]),
    ("just-below-zero", "hard", "logit: Q is 2.9999982 with 3 degrees of freedom, so that tau2 is just cut at 0",
     [(300, 1000), (288, 1000), (320, 1000), (28940, 97544)]),
    ("no-excess", "ordinary", "less heterogeneity than chance gives: every interval of tau2 is empty",
     [(300, 1000), (301, 1000), (299, 1000), (300, 1001), (301, 1002), (300, 999)]),
]


def entries():
    classes = ("easy", "ordinary", "hard", "vicious")
    rows = sorted(ROWS, key=lambda row: classes.index(row[1]))
    names = [row[0] for row in rows]
    if len(set(names)) != len(names):
        raise ValueError("a name is there twice")
    return [{"name": name, "class": kind, "about": about, "studies": [list(pair) for pair in studies]}
            for name, kind, about, studies in rows]


ALL = entries()
