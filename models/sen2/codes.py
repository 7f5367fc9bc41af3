"""The code sets of the return, the council numbers, and the days on which it describes how things stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

SURVEY_DAYS: Mapping[int, date] = MappingProxyType({
    2022: date(2022, 1, 20), 2023: date(2023, 1, 19), 2024: date(2024, 1, 18), 2025: date(2025, 1, 16), 2026: date(2026, 1, 15),
    2027: date(2027, 1, 21)})
"""The survey day of each year, as the DfE announced it: kept, never computed."""


@dataclass(frozen=True, slots=True)
class CodeSet:
    """The codes of one item, each with its meaning, and the first year of those that came later."""

    name: str
    words: Mapping[str, str]
    since: Mapping[str, int] = field(default_factory=dict)

    def holds(self, code: str, year: int) -> bool:
        """Whether the code can be used in the return of that year."""
        return code in self.words and year >= self.since.get(code, 0)


def _set(name: str, since: Mapping[str, int] | None = None, **words: str) -> CodeSet:
    return CodeSet(name, MappingProxyType({code.lstrip("_"): meaning for code, meaning in words.items()}),
                   MappingProxyType(dict(since or {})))


FLAG = _set("yes or no", _1="yes", _0="no")
SEX = _set("sex", M="male", F="female")
GENDER = _set("gender", _0="not known", _1="male", _2="female", _9="not specified")
OFFICER = _set("designated officer", Y="yes", N="no", R="post is being recruited to")
UPN_UNKNOWN = _set(
    "reason without a number", UN1="under 6, no number yet", UN2="never at a state-funded school in England",
    UN3="educated outside England", UN5="conflicting records stop a match", UN8="new to the council in the last week of the period",
    UN9="young person never in a state-funded school or further education in England", UN10="request ended before a number was known")
REQUEST_SOURCE = _set("source of the request", _1="parent or young person", _2="school or other education setting",
                      _3="health professional", _4="social care professional", _5="other")
REQUEST_OUTCOME = _set("outcome of the request", Y="assess", N="do not assess", A="not decided",
                       W="withdrawn or ended before a decision", H="decided before the collection year")
ASSESSMENT_OUTCOME = _set("outcome of the assessment", Y="plan to be issued", N="no plan", A="not decided",
                          W="withdrawn or ended before a decision", H="decided before the collection year, or plan transferred in")
RESIDENTIAL = _set("residential placement", A="38 to 51 weeks", B="52 weeks")
WORK_BASED = _set("work-based learning", A="apprenticeship", T="traineeship", S="supported internship")
DIRECT_PAYMENTS = _set("direct payments", E="education only", S="social care only", H="health only", I="integrated")
CEASE_REASON = _set(
    "reason for ceasing", _1="maximum age", _2="needs met without a plan", _3="higher education", _4="paid work",
    _5="moved to another council in England", _6="no longer wishes to engage in education or training", _7="left England",
    _8="died", _9="other")
PLAN_SETTING = _set("setting named without a number", OLA="arranged by the council (s.61)", OPA="arranged by the family (s.42(5))",
                    EHE="home education", EYP="early years provider", OTH="other")
PLACEMENT = _set(
    "placement without a number", {"NEET": 2024, "NIEC": 2024, "NIEO": 2024}, **PLAN_SETTING.words,
    NEET="not in education, employment or training", NIEC="not in education, notice to cease issued", NIEO="not in education, other")
RANK = _set("rank", _1="primary", _2="secondary")
REVIEW_OUTCOME = _set("outcome of the review", M="maintain", C="cease", A="amend")
NEED = _set(
    "type of need", {"DS": 2025}, SPLD="specific learning difficulty", MLD="moderate learning difficulty", SLD="severe learning difficulty",
    PMLD="profound and multiple learning difficulty", SEMH="social, emotional and mental health",
    SLCN="speech, language and communication", HI="hearing", VI="vision", MSI="multi-sensory", PD="physical",
    ASD="autistic spectrum", DS="Down syndrome", OTH="other")
ATTENDANCE = _set("attendance pattern", FT="full time", PT="part time")

_ETHNICITIES = """
WBRI British;WCOR Cornish;WENG English;WNIR Northern Irish;WSCO Scottish;WWEL Welsh;WOWB other White British;WIRI Irish;
WIRT Traveller of Irish heritage;WOTH any other White;WALB Albanian;WBOS Bosnian-Herzegovinian;WCRO Croatian;WGRE Greek/Greek Cypriot;
WGRK Greek;WGRC Greek Cypriot;WITA Italian;WKOS Kosovan;WPOR Portuguese;WSER Serbian;WTUR Turkish/Turkish Cypriot;WTUK Turkish;
WTUC Turkish Cypriot;WEUR White European;WEEU White Eastern European;WWEU White Western European;WOTW White other;WROM Gypsy/Roma;
WROG Gypsy;WROR Roma;WROO other Gypsy/Roma;MWBC White and Black Caribbean;MWBA White and Black African;MWAS White and Asian;
MWAP White and Pakistani;MWAI White and Indian;MWAO White and other Asian;MOTH any other Mixed;MAOE Asian and other;
MABL Asian and Black;MACH Asian and Chinese;MBOE Black and other;MBCH Black and Chinese;MCOE Chinese and other;MWOE White and other;
MWCH White and Chinese;MOTM other Mixed;ABRI Asian British;AWEL Asian Welsh;AIND Indian;APKN Pakistani;AMPK Mirpuri Pakistani;
AKPA Kashmiri Pakistani;AOPK other Pakistani;ABAN Bangladeshi;AOTH any other Asian;AAFR African Asian;AKAO Kashmiri other;ANEP Nepali;
ASNL Sri Lankan Sinhalese;ASLT Sri Lankan Tamil;ASRO Sri Lankan other;AOTA other Asian;BBRI Black British;BWEL Black Welsh;
BCRB Black Caribbean;BAFR Black African;BANN Angolan;BCON Congolese;BGHA Ghanaian;BNGN Nigerian;BSLN Sierra Leonean;BSOM Somali;
BSUD Sudanese;BAOF other Black African;BOTH any other Black;BEUR Black European;BNAM Black North American;BOTB other Black;CHNE Chinese;
CHKC Hong Kong Chinese;CMAL Malaysian Chinese;CSNG Singaporean Chinese;CTWN Taiwanese;COCH other Chinese;OOTH any other;OAFG Afghan;
ORAB Arab;OARA Arab other;OEGY Egyptian;OFIL Filipino;OIRN Iranian;OIRQ Iraqi;OJPN Japanese;OKOR Korean;OKRD Kurdish;
OLAM Latin/South/Central American;OLEB Lebanese;OLIB Libyan;OMAL Malay;OMRC Moroccan;OPOL Polynesian;OTHA Thai;OVIE Vietnamese;
OYEM Yemeni;OOEG other;REFU refused;NOBT not yet obtained"""
_COUNCILS = """
201 City of London;202 Camden;203 Greenwich;204 Hackney;205 Hammersmith and Fulham;206 Islington;207 Kensington and Chelsea;208 Lambeth;
209 Lewisham;210 Southwark;211 Tower Hamlets;212 Wandsworth;213 Westminster;301 Barking and Dagenham;302 Barnet;303 Bexley;304 Brent;
305 Bromley;306 Croydon;307 Ealing;308 Enfield;309 Haringey;310 Harrow;311 Havering;312 Hillingdon;313 Hounslow;314 Kingston upon Thames;
315 Merton;316 Newham;317 Redbridge;318 Richmond upon Thames;319 Sutton;320 Waltham Forest;330 Birmingham;331 Coventry;332 Dudley;
333 Sandwell;334 Solihull;335 Walsall;336 Wolverhampton;340 Knowsley;341 Liverpool;342 St. Helens;343 Sefton;344 Wirral;350 Bolton;
351 Bury;352 Manchester;353 Oldham;354 Rochdale;355 Salford;356 Stockport;357 Tameside;358 Trafford;359 Wigan;370 Barnsley;371 Doncaster;
372 Rotherham;373 Sheffield;380 Bradford;381 Calderdale;382 Kirklees;383 Leeds;384 Wakefield;390 Gateshead;391 Newcastle upon Tyne;
392 North Tyneside;393 South Tyneside;394 Sunderland;420 Isles of Scilly;800 Bath and North East Somerset;801 Bristol, City of;
802 North Somerset;803 South Gloucestershire;805 Hartlepool;806 Middlesbrough;807 Redcar and Cleveland;808 Stockton-on-Tees;
810 Kingston upon Hull, City of;811 East Riding of Yorkshire;812 North East Lincolnshire;813 North Lincolnshire;815 North Yorkshire;816 York;
821 Luton;822 Bedford;823 Central Bedfordshire;825 Buckinghamshire;826 Milton Keynes;830 Derbyshire;831 Derby;838 Dorset;
839 Bournemouth, Christchurch and Poole;840 County Durham;841 Darlington;845 East Sussex;846 Brighton and Hove;850 Hampshire;851 Portsmouth;
852 Southampton;855 Leicestershire;856 Leicester;857 Rutland;860 Staffordshire;861 Stoke-on-Trent;865 Wiltshire;866 Swindon;
867 Bracknell Forest;868 Windsor and Maidenhead;869 West Berkshire;870 Reading;871 Slough;872 Wokingham;873 Cambridgeshire;874 Peterborough;
876 Halton;877 Warrington;878 Devon;879 Plymouth;880 Torbay;881 Essex;882 Southend-on-Sea;883 Thurrock;884 Herefordshire, County of;
885 Worcestershire;886 Kent;887 Medway;888 Lancashire;889 Blackburn with Darwen;890 Blackpool;891 Nottinghamshire;892 Nottingham;
893 Shropshire;894 Telford and Wrekin;895 Cheshire East;896 Cheshire West and Chester;908 Cornwall;916 Gloucestershire;919 Hertfordshire;
921 Isle of Wight;925 Lincolnshire;926 Norfolk;929 Northumberland;931 Oxfordshire;933 Somerset;935 Suffolk;936 Surrey;937 Warwickshire;
938 West Sussex;940 North Northamptonshire;941 West Northamptonshire;942 Cumberland;943 Westmorland and Furness"""
_FORMER = """
835 Dorset (former county);836 Poole;837 Bournemouth;909 Cumbria;928 Northamptonshire"""


def _listed(text: str) -> Mapping[str, str]:
    pairs = (entry.strip().partition(" ") for entry in text.replace("\n", "").split(";"))
    return MappingProxyType({code: words for code, _, words in pairs})


ETHNICITY = CodeSet("ethnicity", _listed(_ETHNICITIES))
COUNCILS = _listed(_COUNCILS)
"""The 153 councils by their number (the old LA code, which the return calls LEA)."""

FORMER_COUNCILS = _listed(_FORMER)
NOT_KNOWN = "XXX"
"""What the guide to the return has in the place of a council that is not known, or is abroad."""

COUNCIL = CodeSet("council", MappingProxyType({**COUNCILS}))
OTHER_COUNCIL = CodeSet("other council", MappingProxyType({**COUNCILS, **FORMER_COUNCILS,
                                                           NOT_KNOWN: "not known, or outside the United Kingdom"}))
