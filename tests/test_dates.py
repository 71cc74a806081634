"""Dates are read in every script, never guessed, and a dateline is told from a sentence."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.annotate.dates import calendars, dateline, find_dates, parse_iso, says_day_first
from corpuskit.annotate.dates.solarhijri import gregorian


def days(text: str, *, day_first: bool = True) -> list[str]:
    return [found.date.isoformat() for found in find_dates(text, day_first=day_first)]


def flags(text: str) -> tuple[str, ...]:
    [found] = find_dates(text)
    return found.flags


@pytest.mark.parametrize(
    "text",
    [
        "2012-01-18",
        "2012-01-18T23:59:59+07:00",
        "2012/1/18",
        "2012. 01. 18.",
        "18/01/2012",
        "18.1.2012",
        "01/18/2012",
        "18 - 01 - 2012",
        "２０１２／０１／１８",
        "๑๘/๐๑/๒๕๕๕",
        "18 มกราคม 2555",
        "วันพุธที่ ๑๘ มกราคม พ.ศ. ๒๕๕๕",
        "18 ม.ค. 2555",
        "18 ม.ค.55",
        "18 มกราคม ค.ศ. 2012",
        "18มกราคม2555",
        "18 มกราคม 2012",
        "ວັນທີ 18 ມັງກອນ 2012",
        "ວັນທີ 18 ເດືອນ ມັງກອນ ປີ 2012",
        "ថ្ងៃទី១៨ ខែមករា ឆ្នាំ២០១២",
        "၂၀၁၂ ခုနှစ် ဇန်နဝါရီလ ၁၈ ရက်",
        "ဇန်နဝါရီ ၁၈၊ ၂၀၁၂",
        "١٨ يناير ٢٠١٢",
        "18 كانون الثاني 2012",
        "18 كانون الثاني/يناير 2012",
        "18 يناير/كانون الثاني 2012",
        "18 جانفي 2012",
        "۱۸ ژانویه ۲۰۱۲",
        "18 جنوری 2012",
        "18 בינואר 2012",
        "१८ जनवरी २०१२",
        "১৮ জানুয়ারি ২০১২",
        "18 ஜனவரி 2012",
        "ngày 18 tháng 1 năm 2012",
        "18 tháng 01, 2012",
        "18 tháng giêng năm 2012",
        "January 18, 2012",
        "Jan. 18th, 2012",
        "18th of January 2012",
        "18-Jan-2012",
        "18-Jan-12",
        "Wed Jan 18 08:45:07 GMT+02 2012",
        "18 Januari 2012",
        "Enero 18, 2012",
        "18 ng Enero 2012",
        "2012年1月18日",
        "２０１２年１月１８日",
        "二〇一二年一月十八日",
        "平成24年1月18日",
        "民國101年1月18日",
        "2012년 1월 18일",
        "18 de enero de 2012",
        "18 de janeiro de 2012",
        "18 janvier 2012",
        "18. Januar 2012",
        "18 gennaio 2012",
        "18 januari 2012",
        "18 stycznia 2012",
        "18. ledna 2012",
        "18. januára 2012",
        "18 ianuarie 2012",
        "18. tammikuuta 2012",
        "2012. január 18.",
        "18 Ocak 2012",
        "18. siječnja 2012.",
        "18. januar 2012.",
        "2012 m. sausio 18 d.",
        "18 de gener de 2012",
        "18 января 2012",
        "18-го января 2012 года",
        "18 січня 2012",
        "18. sij 2012.",
        "18. januarja 2012",
        "18 януари 2012",
        "18 яну 2012",
        "18. јануар 2012.",
        "18. јан. 2012. године",
        "18 Ιανουαρίου 2012",
        "18 ΙΑΝΟΥΑΡΙΟΥ 2012",
        "18 Iανουαρίου 2012",
        "18 იანვარი 2012",
        "18 հունվարի 2012",
        "۲۸ دی ۱۳۹۰",
        "28 دی 1390",
        "۱۳۹۰/۱۰/۲۸",
        "۲۸ جدی ۱۳۹۰",
        "18 జనవరి 2012",
        "ஜனவரி 18, 2012",
        "జనవరి 18, 2012",
        "2012 ජනවාරි 18",
        "ജനുവരി 18, 2012",
        "18 જાન્યુઆરી 2012",
        "ಜನವರಿ 18, 2012",
        "18 yanvar 2012",
        "18 қаңтар 2012",
        "18 იან, 2012",
        "2012թ. հունվարի 18",
        "18. jaan 2012",
        "2012. gada 18. janvārī",
        "2012 жылғы 18 қаңтар",
        "2012 ж. 18 қаңтар",
        "2012 წლის 18 იანვარი",
        "2012-жылдын 18-январы",
        "2012-yil 18-yanvar",
        "18 yanvar 2012-ci il",
        "2012-يىلى 18-يانۋار",
        "2012 оны 1-р сарын 18",
        "2012 оны 01 дугаар сарын 18",
        "2012 оны нэгдүгээр сарын 18",
        "2012 m. sausio mėn. 18 d.",
        "2012ko urtarrilaren 18a",
        "18 ເດືອນ 1 ປີ 2012",
        "១៨ ខែ ១ ឆ្នាំ ២០១២",
        "18 เดือน 1 พ.ศ. 2555",
        "2012ལོའི་ཟླ་1པའི་ཚེས་18",
        "101年1月18日",
        "18 ta' Jannar 2012",
        "18 janar 2012",
        "18 janúar 2012",
        "18 Ionawr 2012",
        "18-nji ýanwar 2012",
        "18 январи соли 2012",
        "18 ਜਨਵਰੀ 2012",
        "୧୮ ଜାନୁଆରୀ ୨୦୧୨",
        "১৮ জানুৱাৰী, ২০১২",
        "18 ޖެނުއަރީ 2012",
        "18 ጃንዩወሪ 2012",
        "يناير 18, 2012",
        "د جنوری ۱۸، ۲۰۱۲",
        "١٨ی کانوونی دووەم ٢٠١٢",
        "18 كانون الثاني (يناير) 2012",
        "18 جنوری ، 2012",
        "Ocak 18, 2012",
        "Januari 18, 2012",
        "Հունվար 18, 2012",
        "ጃንዩወሪ 18, 2012",
        "января 18, 2012",
        "มกราคม 18, 2555",
        "၁၈ ဇန်နဝါရီ၊ ၂၀၁၂",
    ],
)
def test_the_same_day_in_many_scripts(text: str) -> None:
    assert days(text) == ["2012-01-18"]
    assert days(f"Nam{text} x") == ["2012-01-18"] or not text[0].isdecimal()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er août 2011", "2011-08-01"),
        ("5 de marzo del 2021", "2021-03-05"),
        ("3 μαΐου 2011", "2011-05-03"),
        ("30 Δεκ. 2011", "2011-12-30"),
        ("17 Янв, 2012 г.", "2012-01-17"),
        ("5 Şubat 2024", "2024-02-05"),
        ("9 października 2013 r.", "2013-10-09"),
        ("12 listopada 2012 r.", "2012-11-12"),
        ("12. listopada 2012.", "2012-10-12"),
        ("12. studenoga 2012.", "2012-11-12"),
        ("12 ное 2012", "2012-11-12"),
        ("12. дец. 2012.", "2012-12-12"),
        ("12. des. 2012", "2012-12-12"),
        ("12. syyskuuta 2012", "2012-09-12"),
        ("12 d’agost del 2012", "2012-08-12"),
        ("24. srpna 2013", "2013-08-24"),
        ("24. srpnja 2013.", "2013-07-24"),
        ("7 травня 2013", "2013-05-07"),
        ("7 мая 2013", "2013-05-07"),
        ("11. märz 2014", "2014-03-11"),
        ("14 تشرين الأول 2013", "2013-10-14"),
        ("3 غشت 2013", "2013-08-03"),
        ("29 กรกฏาคม 2567", "2024-07-29"),
        ("令和元年5月1日", "2019-05-01"),
        ("昭和64年1月7日", "1989-01-07"),
        ("二〇二一年十二月三十一日", "2021-12-31"),
        ("EditorialNovember 22, 2018", "2018-11-22"),
        ("HealthDECEMBER 22, 2022", "2022-12-22"),
        ("10.04.201310:25", "2013-04-10"),
        ("12:1704.01.201231", "2012-01-04"),
        ("2012-01-1219:17", "2012-01-12"),
        ("[11:48/08.12.2011]", "2011-12-08"),
        ("18 Machi 2012", "2012-03-18"),
        ("5 ஒக்டோபர் 2021", "2021-10-05"),
        ("५ डिसेंबर २०२१", "2021-12-05"),
        ("५ डिसेम्बर २०२१", "2021-12-05"),
        ("5 අප්‍රේල් 2021", "2021-04-05"),
        ("5 სექტემბრის, 2021", "2021-09-05"),
        ("17:06 - 17 January 2012", "2012-01-17"),
        ("14. lip 2012.", "2012-06-14"),
        ("14. lip. 2012", "2012-06-14"),
        ("14 lip 2012", "2012-07-14"),
        ("27. lis 2012.", "2012-10-27"),
        ("27 lis 2012", "2012-11-27"),
        ("8. srp 2012.", "2012-07-08"),
        ("5 മാര്‍ച്ച് 2012", "2012-03-05"),
        ("5 മാർച്ച് 2012", "2012-03-05"),
        ("14 ജൂണ്‍ 2012", "2012-06-14"),
        ("تاریخ 1390/10/28", "2012-01-18"),
    ],
)
def test_forms_that_are_easily_misread(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "29 กรกฎาคม",
        "เช้าวันที่ 29 กรกฎาคม ที่กรุงฮานอย",
        "19-21 ตุลาคม 2564",
        "19 - 21 ตุลาคม 2564",
        "19 ถึง 21 ตุลาคม 2564",
        "19, 20 และ 21 ตุลาคม 2564",
        "5 to 7 May 2026",
        "May 5-7, 2026",
        "01/05/2012-07/05/2012",
        "2567-2573",
        "57-NQ/TW",
        "5 ม.ค. 10 คน",
        "5 ม.ค. 10.30 น.",
        "version 2.10.2012",
        "v1.2.2012",
        "1401/12/12",
        "2012.01.18.5",
        "192.168.10.12",
        "10.12.2012.1",
        "+66 2 123 4567",
        "02-12-345-2012",
        "081-12-2012",
        "1,234,567",
        "3-2, 2012",
        "31/02/2012",
        "29.02.2013",
        "2012-13-01",
        "January 2012",
        "March 5",
        "12 people in 2012",
        "In 2012, 12 May voters",
        "1433/02/24",
        "२०६८-१०-०४",
        "5 January 1850",
        "5 January 2345",
        "12年1月5日",
        "No. 12/2012",
        "1/2 2012",
        "12\nJanuary\n2012",
        "2021. gada 5.–9. martā",
        "2021 жылғы 5-9 наурыз",
        "2021 жылғы 5 адам",
        "2012. gada 18 cilvēki",
        "27. lis 2012",
        "8. srp 2012",
        "2077-11-21",
        "फागुन २१, २०७७",
        "20 ফাল্গুন 1427",
        "21 رجب 1442",
        "1442/07/21 هـ",
        "መጋቢት 5 ቀን 2013",
        "12 people, 2012",
        "Model 5, 2012",
        "",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07/05/2024", ("ambiguous",)),
        ("07/05/2567", ("be",)),
        ("05/05/2024", ()),
        ("17/05/2024", ()),
        ("05/17/2024", ("mdy",)),
        ("24 ม.ค.64", ("be2",)),
        ("วันพฤหัสบดีที่ 23 มีนาคม 2566", ("be", "wd_ok")),
        ("วันศุกร์ที่ 23 มีนาคม 2566", ("be", "wd_bad")),
        ("Fri, 13 Jan 2012", ("wd_ok",)),
        ("Sat, 13 Jan 2012", ("wd_bad",)),
        ("Thứ Sáu, 26/01/2024", ("wd_ok",)),
        ("Chủ Nhật, ngày 28/01/2024", ("wd_ok",)),
        ("segunda-feira, 5 de março de 2012", ("wd_ok",)),
        ("domenica 4 marzo 2012", ("wd_ok",)),
        ("2012年1月18日(水)", ("wd_ok",)),
        ("2012年1月18日 星期四", ("wd_bad",)),
        ("2012년 1월 18일 (수)", ("wd_ok",)),
        ("2012. január 18., szerda", ("wd_ok",)),
        ("Dimecres, 18 de gener de 2012", ("wd_ok",)),
        ("Dijous, 18 de gener de 2012", ("wd_bad",)),
        ("v stredu 18. januára 2012", ("wd_ok",)),
        ("u srijedu, 18. siječnja 2012.", ("wd_ok",)),
        ("недјеља, 22. јануар 2012.", ("wd_ok",)),
        ("среда, 10 апреля 2013", ("wd_ok",)),
        ("Τετάρτη, 10 Απριλίου 2013", ("wd_ok",)),
        ("ថ្ងៃពុធ ទី១៨ ខែមករា ឆ្នាំ២០១២", ("wd_ok",)),
        ("چهارشنبه ۲۸ دی ۱۳۹۰", ("solar", "wd_ok")),
        ("5 May 2012 Sam Smith", ()),
        ("1 มกราคม 2513", ("be", "epoch")),
        ("31 December 1969", ("epoch",)),
    ],
)
def test_flags(text: str, expected: tuple[str, ...]) -> None:
    assert flags(text) == expected


def test_a_weekday_settles_an_ambiguous_date() -> None:
    assert days("Friday, 07/05/2024") == ["2024-07-05"]
    assert flags("Friday, 07/05/2024") == ("wd_ok",)


def test_the_thai_year_began_in_april_until_1940() -> None:
    assert days("1 มกราคม 2482, 1 เมษายน 2482, 1 มกราคม 2484") == ["1940-01-01", "1939-04-01", "1941-01-01"]


@pytest.mark.parametrize(
    ("solar", "day"),
    [
        ((1300, 1, 1), date(1921, 3, 21)), ((1357, 11, 22), date(1979, 2, 11)), ((1399, 12, 30), date(2021, 3, 20)),
        ((1403, 1, 1), date(2024, 3, 20)), ((1408, 12, 30), date(2030, 3, 20)), ((1400, 12, 30), None),
        ((1401, 7, 31), None), ((1401, 13, 1), None), ((1299, 12, 29), None), ((1500, 1, 1), None),
    ],
)  # fmt: skip
def test_the_solar_hijri_calendar(solar: tuple[int, int, int], day: date | None) -> None:
    assert gregorian(*solar) == day


def test_days_of_the_solar_hijri_calendar_follow_each_other() -> None:
    days = [gregorian(year, month, day) for year in range(1300, 1500) for month in range(1, 13) for day in range(1, 32)]
    real = [day for day in days if day]
    assert real == [date(1921, 3, 21) + timedelta(n) for n in range(len(real))]
    assert real[-1] == date(2121, 3, 20)


def test_day_order_comes_from_the_caller() -> None:
    assert days("07/05/2024", day_first=False) == ["2024-07-05"]
    assert days("17/05/2024", day_first=False) == ["2024-05-17"]
    assert days("07/05/2567", day_first=False) == ["2024-05-07"]


def test_a_page_says_its_own_day_order() -> None:
    assert says_day_first("03/04/2017 and 12/19/2017") is False
    assert says_day_first("03/04/2017 and 19/12/2017") is True
    assert says_day_first("03/04/2017") is None
    assert says_day_first("19/12/2017, 12/19/2017") is None


def test_dates_come_in_reading_order_with_offsets() -> None:
    text = "A 1 May 2012, b 2012-06-01 and 1 июля 2012."
    assert [text[d.start : d.end] for d in find_dates(text)] == ["1 May 2012", "2012-06-01", "1 июля 2012"]
    assert [d.kind for d in find_dates(text)] == ["text", "iso", "text"]


def test_no_name_means_two_months() -> None:
    """Only listopad(a) does, and the full stop after the day settles it."""
    seen: dict[str, int] = {}
    months = calendars.TABLES["months"]
    for rows in (months["day_first"], months["month_first"], months["thai"]):
        assert all(len(row.split()) == 12 for row in rows.values())
        for name, place in calendars.spellings(rows.values(), ""):
            assert name == "-" or seen.setdefault(name, place) == place, name


def test_no_name_means_two_weekdays() -> None:
    seen: dict[str, int] = {}
    assert all(len(row.split()) == 7 for row in calendars.TABLES["weekdays"].values())
    for name, place in calendars.spellings(calendars.TABLES["weekdays"].values(), " "):
        assert seen.setdefault(name, place) == place, name


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Việt NamViệt Nam07/05/2024", "2024-05-07"),
        ("Thứ Sáu, 26/01/2024 10:15 GMT+7", "2024-01-26"),
        ("Cập nhật lúc 10h30 ngày 07/05/2024", "2024-05-07"),
        ("วันพฤหัสบดีที่ 23 มีนาคม 2566", "2023-03-23"),
        ("23/03/2566", "2023-03-23"),
        ("เผยแพร่เมื่อ 23 มี.ค. 2566 เวลา 10.30 น.", "2023-03-23"),
        ("***** 16 สิงหาคม 2564 *****", "2021-08-16"),
        ("Posted on March 5, 2021 at 10:15 am by Jane", "2021-03-05"),
        ("By Jane MillerPublished: Jan 29, 2025", "2025-01-29"),
        ("by jdoe | Apr 21, 2025", "2025-04-21"),
        ("Posted on June 29, 2020November 12, 2021", "2020-06-29"),
        ("August 16, 2019 - Updated July 9, 2025", "2019-08-16"),
        ("Updated: July 9, 2025 | Published: August 16, 2019", "2019-08-16"),
        ("Mental HealthDECEMBER 22, 2022Updated: JANUARY 02, 2026", "2022-12-22"),
        ("Nov 08, 2025 7 min read", "2025-11-08"),
        ("| November 3, 2025 (8:42 AM ET)", "2025-11-03"),
        ("6:23 p.m. EST, January 16, 2012", "2012-01-16"),
        ("August 19, 2025 | 33 Comments", "2025-08-19"),
        ("[Submitted on 18 Dec 2025]", "2025-12-18"),
        ("Fri, 13 Jan 2012 10:00 GMT", "2012-01-13"),
        ("2012-01-13T10:00:00+07:00", "2012-01-13"),
        ("2012年01月18日08:00 来源：某某网", "2012-01-18"),
        ("http://www.example.com.cn 2011年12月09日 16:41 某某网", "2011-12-09"),
        ("2012-01-12 19:17:00 来源: 某某广播网(北京) 有0人参与 手机看新闻", "2012-01-12"),
        ("2012年1月18日(水) 10時30分", "2012-01-18"),
        ("입력 : 2012-01-18 10:30:00 | 수정 : 2012-01-19 09:00:00", "2012-01-18"),
        ("نشر في: 18 يناير 2012", "2012-01-18"),
        ("प्रकाशित: 18 जनवरी 2012", "2012-01-18"),
        ("Veröffentlicht am 5. März 2021 um 10:15 Uhr", "2021-03-05"),
        ("Publié le 05/03/2021 à 10:15, mis à jour le 06/03/2021", "2021-03-05"),
        ("Poniedziałek, 2 stycznia 2012 (08:20)", "2012-01-02"),
        ("Data utworzenia: 2012-01-09", "2012-01-09"),
        ("Létrehozva: 2012. január 18. | 4 hozzászólás", "2012-01-18"),
        ("Szerda, 2012. január 18. 10:15", "2012-01-18"),
        ("Julkaisupäivä: 18.1.2012", "2012-01-18"),
        ("ke 18.1.2012 klo 10.15", "2012-01-18"),
        ("ons. 18. jan. 2012", "2012-01-18"),
        ("Publiseringsdato: 18.01.2012", "2012-01-18"),
        ("Senest opdateret: 19.01.2012 | Udgivet: 18.01.2012", "2012-01-18"),
        ("18 януари 2012 г. | 1204 прегледа", "2012-01-18"),
        ("Дата на публикуване: 18.01.2012", "2012-01-18"),
        ("Dátum zverejnenia: 18.1.2012", "2012-01-18"),
        ("Vytvorené: 18. januára 2012, Posledná aktualizácia: 19. januára 2012", "2012-01-18"),
        ("Datum objave: 18.01.2012.", "2012-01-18"),
        ("18. siječnja 2012. godine", "2012-01-18"),
        ("Среда, 18.01.2012. у 10:15", "2012-01-18"),
        ("Датум објављивања: 18. јануар 2012.", "2012-01-18"),
        ("dimecres, 18 de gener de 2012 - 10:15 h", "2012-01-18"),
        ("Publicat el 18 de gener de 2012 a les 10:15 - 3 minuts", "2012-01-18"),
        ("Čas branja: 3 min 18. 1. 2012", "2012-01-18"),
        ("18:58 28.11.2011 г.", "2011-11-28"),
        ("ΔΗΜΟΣΙΕΥΘΗΚΕ: Παρασκευή 13 Ιανουαρίου 2012", "2012-01-13"),
        ("14.11.24", "2024-11-14"),
        ("شائع: 5 مارچ 2021", "2021-03-05"),
        ("பதிவு செய்த நாள்: வெள்ளி, 5 மார்ச் 2021", "2021-03-05"),
        ("ప్రచురించిన తేదీ: 5 మార్చి 2021", "2021-03-05"),
        ("प्रकाशित मिति: २०२१ मार्च ५ शुक्रबार", "2021-03-05"),
        ("පළ කළ දිනය: 5 මාර්තු 2021", "2021-03-05"),
        ("പ്രസിദ്ധീകരിച്ചത് 5 മാർച്ച് 2021", "2021-03-05"),
        ("પ્રકાશિત: 5 માર્ચ 2021", "2021-03-05"),
        ("ಪ್ರಕಟಿತ: 5 ಮಾರ್ಚ್ 2021", "2021-03-05"),
        ("Paskelbta: penktadienis, 2021 m. kovo 5 d.", "2021-03-05"),
        ("Avaldatud: 5. märts 2021 kell 10.15", "2021-03-05"),
        ("Imechapishwa: Ijumaa, 5 Machi 2021", "2021-03-05"),
        ("Dərc olunub: 5 mart 2021, 10:15", "2021-03-05"),
        ("Жарияланды: 5 наурыз 2021, 10:15", "2021-03-05"),
        ("Нийтэлсэн огноо: 2021-03-05", "2021-03-05"),
        ("გამოქვეყნების თარიღი: 5 მარტი, 2021", "2021-03-05"),
        ("Հրապարակված է 5 մարտի 2021", "2021-03-05"),
        ("Piektdien, 2021. gada 5. martā, 10:15", "2021-03-05"),
        ("Баасан гараг, 2021 оны 3-р сарын 5-ны өдөр", "2021-03-05"),
        ("الجمعة 21 رجب 1442 هـ - 5 مارس 2021 م", "2021-03-05"),
        ("21/7/1442 هـ 5/3/2021 م", "2021-03-05"),
        ("جمعه ۱۵ اسفند ۱۳۹۹ - ۲۱ رجب ۱۴۴۲ - ۵ مارس ۲۰۲۱", "2021-03-05"),
        ("শুক্রবার ০৫ মার্চ ২০২১ | ২০ ফাল্গুন ১৪২৭", "2021-03-05"),
        ("প্রকাশ: ০৫ মার্চ ২০২১, ১০: ১৫", "2021-03-05"),
        ("शुक्रबार, फागुन २१, २०७७ | Friday, March 5, 2021", "2021-03-05"),
        ('כ"א באדר תשפ"א, 05/03/2021', "2021-03-05"),
        ("วันศุกร์ที่ 5 มีนาคม 2564 แรม 7 ค่ำ เดือน 4 ปีชวด", "2021-03-05"),
        ("Fri 5 Mar 2021 10.15 GMT", "2021-03-05"),
        ("5 March 2021, 10.15am", "2021-03-05"),
        ("Published 3 hours ago on March 5, 2021", "2021-03-05"),
        ("Fr., 05.03.2021, 10:15 Uhr", "2021-03-05"),
        ("Do., 04.03.2021", "2021-03-04"),
        ("di 2 mrt 2021", "2021-03-02"),
        ("pt. 5 marca 2021, 10:15", "2021-03-05"),
        ("pá 5. 3. 2021", "2021-03-05"),
        ("T6, 05/03/2021 10:15", "2021-03-05"),
        ("5 mart 2021-ci il", "2021-03-05"),
        ("2023. október 27-én", "2023-10-27"),
    ],
)
def test_datelines(line: str, day: str) -> None:
    found = dateline(line)
    assert found is not None
    assert found.date == date.fromisoformat(day)


@pytest.mark.parametrize(
    "line",
    [
        "ลงวันที่ 22 เมษายน 2565 ของนายกรัฐมนตรีเรื่องการเปลี่ยนผ่าน",
        "ลงวันที่ 22 เมษายน 2565",
        "ณ วันที่ 26 เมษายน 2566",
        "29 กรกฎาคม",
        "เช้าวันที่ 29 กรกฎาคม ที่กรุงฮานอย กระทรวงได้จัดการประชุม",
        "เช้าวันที่ 29 กรกฎาคม 2567 ที่กรุงฮานอย",
        "เมื่อวันที่ 3 มีนาคม 2565 คณะกรรมการได้ประชุมร่วมกับผู้แทน",
        "สรุปผลการประชุมของคณะกรรมการประจำจังหวัด 19 ตุลาคม 2564",
        "เปิดจำหน่ายพันธบัตรรุ่นใหม่ วันที่ 13 สิงหาคม 2567",
        "วันพฤหัสบดีที่ 1 มกราคม 2513",
        "01/01/1970",
        "On March 5, 2021 the committee met in Paris.",
        "The meeting on March 5, 2021 was a success",
        "12/01/2012 - 15/01/2012",
        "Mon 5 March 2012 – Tue 6 March 2012",
        "5 มีนาคม 2565 ถึง 7 มีนาคม 2565",
        "重要新闻标题一则 (2012-01-17)",
        "・某某改革路径明朗2011/12/07",
        "报告称微波炉整体质量良好 消费者可放心选用 2011/12/02",
        "截止日期：2012年1月18日",
        "~ada [2012-01-06 12:02]",
        "Курсы валют 10.04.2013.",
        "Свидетельство о регистрации №77-6430 от 6 августа 2002",
        "Joined: Sun Dec 17, 2023 11:18 am",
        "Deadline: 5 May 2021",
        "By 5 May 2021",
        "Born 5 May 1921",
        "Copyright © 5 May 2021 Example",
        "Termin: 12.05.2021",
        "Határidő 2021. május 12.",
        "Påmelding før frist 12. mai 2021",
        "Роден 12 май 2021",
        "Rođena 12. svibnja 2021.",
        "Fins el 12 de maig de 2021",
        "Vodenica je proradila 12. marta 2021. posle mnogo godina",
        "Молът край реката отвори на 12 май 2021 пред стотици хора",
        "Quyết định số 57 ngày 07/05/2024 của Thủ tướng",
        "Από 01-01-2012 αυξάνονται οι εισφορές",
        "انعقد المؤتمر في 5 مارس 2021 في القاهرة بحضور الوزراء",
        "https://example.org/2021/03/05/a-page",
        "a@b.example 5 May 2021",
        "Release 02.10.12",
        "1.2.12",
        "12.34.56",
        "07/05/67",
        "Is it 5 May 2021?",
        "do 04.03.2021",
        "za 06.03.2021",
        "Fr 04.03.2021 12 9",
        "መጋቢት 05/03/2021",
        "21 رجب 1442 هـ",
        "3 hours ago",
        "Published 3 hours ago",
        "วันขึ้น 15 ค่ำ เดือน 3 ปีฉลู",
        "5 May 2021 \ue000",
        "2567-2573",
        "",
    ],
)
def test_lines_that_only_mention_a_day(line: str) -> None:
    assert dateline(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 9 July 2025",
        "Utolsó frissítés: 2025. július 9.",
        "Последна промяна: 9 юли 2025",
        "Последња измена: 9. јула 2025.",
        "Posledná aktualizácia: 9. júla 2025",
        "Darrera actualització: 9 de juliol de 2025",
        "Zadnja sprememba: 9. julija 2025",
    ],
)
def test_a_lone_update_is_flagged(line: str) -> None:
    found = dateline(line)
    assert found is not None
    assert found.flags == ("updated",)


def test_offsets_of_a_dateline() -> None:
    line = "  Posted: 5 May 2021"
    found = dateline(line)
    assert found is not None
    assert line[found.start : found.end] == "5 May 2021"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-03-05", "2021-03-05"),
        (" 2021-03-05T23:30:00Z ", "2021-03-05"),
        ("2021-03-05T00:30:00+07:00", "2021-03-05"),
        ("2021-03-05 10:15:00.000", "2021-03-05"),
        ("2021-03-05-07:00", "2021-03-05"),
        ("20210305", "2021-03-05"),
        ("20210305T101500Z", "2021-03-05"),
        ("20210305T10:15:00Z", "2021-03-05"),
        ("20210305T1015+0000Z", "2021-03-05"),
        ("20210305101500", "2021-03-05"),
        ("Fri, 05 Mar 2021 10:15:00 +0000", "2021-03-05"),
        ("5 มีนาคม 2564", "2021-03-05"),
        ("2564-03-05", "2021-03-05"),
        ("2021年3月5日", "2021-03-05"),
        ("2021-W09-5", "2021-03-05"),
        ("2021W095T101500Z", "2021-03-05"),
        ("2021-064", "2021-03-05"),
        ("2020-W53-5", "2021-01-01"),
        ("2021-366", None),
        ("2021-W54-1", None),
        ("2077-11-21", None),
        ("1970-01-01", None),
        ("1970-01-01T07:00:00+07:00", None),
        ("1969-12-31T19:00:00-05:00", None),
        ("1 มกราคม 2513", None),
        ("0001-01-01", None),
        ("1850-01-01", None),
        ("2200-01-01", None),
        ("0000-00-00", None),
        ("2021", None),
        ("2021-03", None),
        ("20211305", None),
        ("today", None),
        ("", None),
    ],
)
def test_metadata_values(value: str, day: str | None) -> None:
    assert parse_iso(value) == (date.fromisoformat(day) if day else None)


THAI = list(calendars.TABLES["months"]["thai"]["thai"].split())


@given(st.dates(date(1900, 1, 1), date(2039, 12, 31)))
def test_every_day_survives_printing(day: date) -> None:
    year = day.year + 543 - (day.year <= 1940 and day.month <= 3)
    thai = f"{day.day} {THAI[day.month - 1].partition('|')[0]} {year}"
    for text in (day.isoformat(), day.strftime("%Y%m%d"), f"{day.year}年{day.month}月{day.day}日", thai):
        assert parse_iso(text) == (None if day in (date(1970, 1, 1), date(1969, 12, 31)) else day)


@given(st.text(alphabet="0123456789๐๑٣/.-: ,年月日ม.คJanMay'\n\xa0\ue000", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = find_dates(text)
    assert all(0 <= a.start < a.end <= len(text) for a in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    dateline(text)
    parse_iso(text)


HOSTILE = [
    "1",
    "1 ",
    "1/",
    "12/",
    "2012-",
    "2012 ",
    "5, 2012 ",
    "12 January ",
    "May 5, ",
    "年",
    "2012年1月",
    "1 tháng ",
    " ",
    "19-21 ",
    "5 ม.ค. ",
    "5 มกราคม 2565 ",
    "12 ๐๐ 2012 ",
    "10:00",
    "(",
    "วันพุธที่ ",
    "2012-01-12T",
    "12 " + "x" * 34,
    "a.",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    start = time.process_time()
    find_dates(text)
    parse_iso(text)
    for length in (40, 100, 160):
        dateline(text[:length])
        dateline(text[: length - 12] + " 5 May 2012")
    assert time.process_time() - start < 3
