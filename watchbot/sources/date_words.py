"""Words in dates: months in the languages of the feeds we meet, and the zones that have a name."""

# One paragraph a month: English, then German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish, Czech,
# Russian, Turkish, Hungarian, Greek; short forms without their dot. A form that means two months in two languages
# stands nowhere.
_MONTHS = """
january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari styczeń stycznia sty leden ledna
январь января янв ocak oca január ιανουαρίου ιανουάριος ιαν

february feb februar feber février févr fév febrero fevereiro fev febbraio februari luty lutego lut únor února
февраль февраля фев февр şubat şub február φεβρουαρίου φεβρουάριος φεβ

march mar märz mär mrz mars marzo março maart mrt marts marzec marca březen března март марта мар mart március márc
μαρτίου μάρτιος μάρ μαρ

april apr avril avr abril abr aprile kwiecień kwietnia kwi duben dubna апрель апреля апр nisan nis április ápr
απριλίου απρίλιος απρ

may mai mayo maio maggio mag mei maj maja květen května май мая mayıs május máj μαΐου μάιος μάι μαϊ

june jun juni juin junio junho giugno giu czerwiec czerwca cze červen června июнь июня июн haziran haz június jún
ιουνίου ιούνιος ιούν ιουν

july jul juli juillet juil julio julho luglio lug lipiec lipca lip červenec července июль июля июл temmuz tem július
júl ιουλίου ιούλιος ιούλ ιουλ

august aug août aout agosto ago augustus augusti sierpień sierpnia sie srpen srpna август августа авг ağustos ağu
augusztus αυγούστου αύγουστος αύγ αυγ

september sept sep septembre septiembre setiembre setembro set settembre wrzesień września wrz září сентябрь
сентября сен сент eylül eyl szeptember szept σεπτεμβρίου σεπτέμβριος σεπ

october oct oktober okt octobre octubre outubro out ottobre ott październik października paź říjen října октябрь
октября окт ekim eki október οκτωβρίου οκτώβριος οκτ

november nov novembre noviembre novembro listopad listopada lis ноябрь ноября ноя нояб kasım kas νοεμβρίου νοέμβριος
νοε νοέ

december dec dezember dez décembre déc diciembre dic dezembro dicembre grudzień grudnia gru prosinec prosince
декабрь декабря дек aralık ara december δεκεμβρίου δεκέμβριος δεκ
"""
MONTHS = {name: number for number, names in enumerate(_MONTHS.split("\n\n"), start=1) for name in names.split()}

# Hours from UTC. Where a name means several zones, the one of RFC 822 or of the busier feeds: CST is American.
_ZONES = """
UT 0 UTC 0 GMT 0 Z 0 WET 0 WEST 1 BST 1 CET 1 MEZ 1 CEST 2 MESZ 2 EET 2 SAST 2 EEST 3 MSK 3 TRT 3 GST 4 PKT 5 IST 5.5
BDT 6 ICT 7 WIB 7 HKT 8 SGT 8 TST 8 AWST 8 PHT 8 MYT 8 JST 9 KST 9 ACST 9.5 ACDT 10.5 AEST 10 AEDT 11 NZST 12 NZDT 13
NST -3.5 AST -4 ADT -3 EST -5 EDT -4 CST -6 CDT -5 MST -7 MDT -6 PST -8 PDT -7 ET -5 CT -6 MT -7 PT -8 AKST -9 AKDT -8
HST -10 BRT -3 ART -3 CLT -4
"""
_words = _ZONES.split()
ZONES = {name: round(float(hours) * 3600) for name, hours in zip(_words[::2], _words[1::2], strict=True)}

# What stands for the half of a day: the hours added to those before twelve, and what twelve itself is.
HALVES = {
    **dict.fromkeys(("am", "a.m", "a.m.", "上午", "凌晨", "早上", "午前", "오전"), (0, 0)),
    **dict.fromkeys(("pm", "p.m", "p.m.", "下午", "晚上", "傍晚", "午後", "오후"), (12, 12)),
    "中午": (12, 12),
}
