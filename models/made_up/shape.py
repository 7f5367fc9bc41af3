"""The shapes from which a made-up council is drawn: what the DfE publishes on England and on the spread between councils.

Source of every figure, unless said otherwise: DfE, "Education, health and care plans", reporting years 2025 and 2026 (calendar
years 2024 and 2025), Open Government Licence v3. What no release tells (months, the split of delay between stages) is a judgement
and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

SIZES: Mapping[str, tuple[int, int]] = MappingProxyType({
    "small": (338, 1_661), "medium": (771, 3_267), "large": (2_265, 7_625), "largest": (4_255, 20_635), "england": (162_702, 718_838)})
"""Requests in a year and plans on survey day: the tenth, the fiftieth and the ninetieth of a hundred councils, the largest of each,
and all 153 together."""

REQUESTS_TO_PLANS = 162_702 / 718_838
"""Requests a year for each plan in force, in England."""

Spread = tuple[float, float]
"""A share that differs between councils: middle and spread on the logistic scale, fitted to the published tenth, fiftieth and
ninetieth of a hundred councils."""

IN_20_WEEKS: Spread = (0.09, 1.95)               # 12.6, 52.3 and 95.6 per cent
IN_6_WEEKS: Spread = (2.38, 1.70)                # 54.0, 91.5, and 96.6 at the seventy-fifth
REFUSED: Spread = (-1.17, 0.75)                  # 8.7, 23.7 and 39.5
NOT_ISSUED: Spread = (-3.0, 0.85)                # median 4.0, 12.5 at the ninetieth; 6.0 in England
WITH_EXCEPTION: Spread = (-3.4, 1.45)            # median 2.5, 18.2 at the ninetieth
REVIEWED_IN_4_WEEKS: Spread = (-0.36, 1.17)      # 12.3, 41.1 and 75.5
LOOSELY_TIED = 0.35
"""How far the six-week rate goes with the twenty-week rate: loosely, as the councils' own rows show."""

SOURCES: Mapping[str, tuple[float, float]] = MappingProxyType({
    "2": (0.558, 0.166), "1": (0.293, 0.488), "5": (0.046, 0.196), "4": (0.005, 0.251), "3": (0.002, 0.212), "": (0.096, 0.209)})
"""Who asked, in the return's codes (none: not known): the share of all requests, and how many of them are refused. 2025."""
REFUSED_IN_ENGLAND = 0.266

AGES_AT_REQUEST: Sequence[int] = (
    0, 0, 2_930, 18_604, 16_835, 11_432, 10_973, 10_491, 11_371, 13_224, 15_582, 9_342, 8_835, 10_020, 8_967, 7_287, 3_502, 1_709,
    734, 382, 300, 177)
"""Requests of 2025 by age; those of 20 and more are put at 20 and 21."""

AGES_WITH_PLAN: Sequence[int] = (
    0, 0, 535, 5_003, 22_312, 33_028, 39_600, 39_838, 41_596, 44_469, 47_974, 51_387, 51_296, 52_986, 53_511, 52_245, 48_113, 41_907,
    31_936, 21_751, 15_556, 10_479, 6_718, 4_038, 2_212)
"""Plans of January 2026 by age at the start of the school year."""

YEARS_HELD: Sequence[int] = (57_000, 57_000, 92_975, 72_118, 60_306, 56_012, 46_309, 56_535, 53_450, 39_868, 23_114, 6_043, 17_924)
"""Plans of January 2025 by full years held; the first two rows of the release look shifted and are read together."""

NEEDS: Mapping[int, Mapping[str, float]] = MappingProxyType({
    3: {"ASD": 21.9, "SEMH": 1.8, "SLCN": 53.2, "MLD": 4.5, "OTH": 18.6},
    4: {"ASD": 28.3, "SEMH": 4.0, "SLCN": 55.2, "MLD": 3.0, "OTH": 9.5},
    5: {"ASD": 29.5, "SEMH": 12.1, "SLCN": 48.1, "MLD": 3.3, "OTH": 7.0},
    6: {"ASD": 27.2, "SEMH": 25.6, "SLCN": 35.8, "MLD": 4.8, "OTH": 6.6},
    7: {"ASD": 23.2, "SEMH": 32.9, "SLCN": 27.4, "MLD": 8.6, "OTH": 7.9},
    8: {"ASD": 23.0, "SEMH": 33.7, "SLCN": 23.1, "MLD": 11.4, "OTH": 8.8},
    9: {"ASD": 25.0, "SEMH": 32.9, "SLCN": 18.9, "MLD": 12.5, "OTH": 10.7},
    10: {"ASD": 26.1, "SEMH": 31.6, "SLCN": 15.7, "MLD": 14.2, "OTH": 12.4},
    11: {"ASD": 26.3, "SEMH": 34.9, "SLCN": 14.8, "MLD": 12.1, "OTH": 11.9},
    12: {"ASD": 27.3, "SEMH": 45.9, "SLCN": 10.0, "MLD": 7.4, "OTH": 9.4},
    13: {"ASD": 25.3, "SEMH": 52.3, "SLCN": 9.3, "MLD": 5.4, "OTH": 7.7},
    14: {"ASD": 24.0, "SEMH": 55.9, "SLCN": 8.2, "MLD": 4.7, "OTH": 7.2},
    15: {"ASD": 23.5, "SEMH": 56.6, "SLCN": 7.6, "MLD": 4.6, "OTH": 7.7},
    16: {"ASD": 24.7, "SEMH": 51.6, "SLCN": 7.9, "MLD": 5.0, "OTH": 10.8}})
"""Primary need in new plans of 2025 by age, in hundredths of that age; OTH stands for all the rarer ones, which RARER tells apart."""

RARER: Mapping[str, int] = MappingProxyType({
    "SPLD": 2_699, "PD": 2_263, "SLD": 980, "OTH": 969, "HI": 723, "PMLD": 601, "VI": 503, "DS": 258, "MSI": 185})

SETTINGS: Mapping[int, Mapping[str, float]] = MappingProxyType({
    3: {"mainstream": 45.4, "special": 14.3, "early_years": 33.9, "elsewhere": 6.4},
    4: {"mainstream": 78.1, "special": 11.4, "early_years": 6.2, "elsewhere": 4.3},
    5: {"mainstream": 90.3, "special": 4.6, "elsewhere": 5.1}, 8: {"mainstream": 90.2, "special": 4.7, "elsewhere": 5.1},
    11: {"mainstream": 83.3, "special": 9.6, "elsewhere": 7.1}, 13: {"mainstream": 71.1, "special": 13.4, "elsewhere": 15.5},
    15: {"mainstream": 60.4, "special": 6.1, "college": 11.0, "elsewhere": 22.5},
    16: {"mainstream": 17.6, "special": 3.0, "college": 51.6, "elsewhere": 27.8},
    18: {"mainstream": 4.4, "special": 1.7, "college": 62.0, "elsewhere": 31.9}})
"""What new plans of 2025 name, by age (the nearest lower age counts)."""

ELSEWHERE: Mapping[str, int] = MappingProxyType({"EHE": 1_484, "OLA": 1_426, "OPA": 274, "NEET": 657, "OTH": 551, "NIEO": 439})

ETHNICITIES: Mapping[str, int] = MappingProxyType({
    "WBRI": 414_338, "NOBT": 49_151, "WOTH": 27_449, "BAOF": 23_881, "APKN": 21_416, "MOTH": 15_397, "MWBC": 12_420, "AIND": 10_812,
    "OOTH": 10_683, "AOTH": 10_216, "ABAN": 8_868, "BCRB": 7_835, "MWAS": 7_352, "BOTH": 6_709, "MWBA": 5_563, "WROM": 2_349,
    "CHNE": 1_783, "WIRI": 1_577, "WIRT": 946})
MALE_REQUESTS, MALE_PLANS = 0.632, 0.706

CEASED_A_YEAR = 0.07
CEASE_REASONS: Mapping[str, int] = MappingProxyType({
    "6": 16_091, "5": 13_953, "4": 4_053, "2": 3_955, "3": 2_579, "1": 1_990, "7": 928, "8": 475, "9": 837})

REVIEWED_IN_THE_YEAR, REVIEWED_BEFORE = 0.568, 0.168
"""Of the reviews that were expected in 2025; the others have none recorded at all."""
REVIEW_OUTCOMES: Mapping[str, float] = MappingProxyType({"A": 59.0, "M": 35.5, "C": 1.0, "": 4.5})

MONTHS: Sequence[float] = (1.0, 1.05, 1.2, 1.05, 1.2, 1.25, 1.1, 0.45, 0.8, 0.95, 1.0, 0.8)
"""Requests by month, as a share of the average: more in spring and early summer, few in August. No release tells; a judgement."""

MEDIATED, APPEALED, BOTH = 0.26, 0.12, 0.037
"""Of refusals to assess: mediation, appeal, and an appeal after mediation. 2025."""

WITHDRAWN_REQUEST, WITHDRAWN_ASSESSMENT = 0.010, 0.003
DIRT = 0.015
"""Records with a day missing or impossible, as real returns have them; a judgement."""

PERSONAL_BUDGET, RESIDENTIAL, WORK_BASED = 0.031, 0.0035, 0.0069


@dataclass(frozen=True, slots=True)
class Quality:
    """How one council does: shares between 0 and 1, and how much its times vary (spread of the logarithm)."""

    in_20_weeks: float
    in_6_weeks: float
    refused: float
    not_issued: float
    with_exception: float
    reviewed_in_4_weeks: float
    spread: float
