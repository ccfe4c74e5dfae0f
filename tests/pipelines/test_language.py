"""Language: what decides, and what is left undecided."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.language import SAMPLE, QuickDetector, detect_language, detectors, is_surely_french
from storage.records import Language

SENTENCES = Path(__file__).parents[2].parent / "shared/data/text/mafand_fr_sentences.tsv"
FRENCH = (
    "Le ministre a reçu jeudi matin une délégation venue de Moscou, avec laquelle il a parlé de "
    "la formation des ingénieurs, du prix du blé et de la remise en état du chemin de fer. "
    "Les deux parties se retrouveront au printemps pour signer un accord, si le Parlement le veut."
)
ENGLISH = (
    "The minister met on Thursday morning with a delegation from Moscow to discuss the training "
    "of engineers, the price of wheat and the repair of the railway. Both sides will meet again "
    "in spring to sign an agreement if parliament wants them to do so."
)


def test_a_french_text_is_french() -> None:
    language = detect_language("Une délégation à Bamako", FRENCH, "fr")
    assert (language.code, language.certain) == ("fr", True)


def test_a_text_in_capitals_is_french_too() -> None:
    language = detect_language("UNE DÉLÉGATION À BAMAKO", FRENCH.upper(), "fr")
    assert (language.code, language.certain) == ("fr", True)


def test_an_english_text_of_a_french_source_is_english() -> None:
    language = detect_language("A delegation in Bamako", ENGLISH, "fr")
    assert (language.code, language.certain) == ("en", True)


@pytest.mark.parametrize(
    "text", ["", "   ", "12 345", "https://info.example", "🇲🇱🇷🇺", "Mali Russie"]
)
def test_the_source_decides_where_there_is_too_little_text(text: str) -> None:
    assert detect_language("", text, "fr") == Language(code="fr", confidence=0.0, certain=False)


def test_a_text_in_two_languages_is_uncertain() -> None:
    language = detect_language("", FRENCH + ENGLISH, "fr")
    assert not language.certain
    assert language.confidence < 0.9


def test_the_answer_does_not_change_from_call_to_call() -> None:
    answers = {detect_language("", FRENCH + ENGLISH, "fr") for _ in range(5)}
    assert len(answers) == 1


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        ENGLISH,
        "Наталья приехала в Бамако. " * 9,
        "وصل الوزير إلى باماكو صباح اليوم. " * 9,
        "ça et là,  l’été… — à   Ouagadougou (Burkina) 12 % ",
        "\u0219i \u021bara ấ ệ 中文 мир\n\tfin",
        "x",
        "",
    ],
)
def test_the_n_grams_are_those_of_langdetect(text: str) -> None:
    ours, theirs = QuickDetector(), detectors().create()
    for detector in (ours, theirs):
        detector.append(text.lower())
        detector.cleaning_text()

    assert ours._extract_ngrams() == theirs._extract_ngrams()  # noqa: SLF001 - what is made quicker


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("pt", "O ministro recebeu na quinta-feira de manhã uma delegação vinda de Moscovo, com a qual falou da formação dos engenheiros, do preço do trigo e da reparação da linha férrea. As duas partes voltam a encontrar-se na primavera."),
        ("es", "El ministro recibió el jueves por la mañana a una delegación llegada de Moscú, con la que habló de la formación de los ingenieros, del precio del trigo y de la reparación del ferrocarril. Las dos partes volverán a verse en primavera."),
        ("it", "Il ministro ha ricevuto giovedì mattina una delegazione arrivata da Mosca, con la quale ha parlato della formazione degli ingegneri, del prezzo del grano e della riparazione della ferrovia. Le due parti si rivedranno in primavera."),
        ("sw", "Waziri alipokea ujumbe kutoka Moscow siku ya Alhamisi asubuhi, na walizungumza kuhusu mafunzo ya wahandisi, bei ya ngano na ukarabati wa reli. Pande hizo mbili zitakutana tena mwezi wa nne ili kutia saini makubaliano mapya."),
        ("ru", "Министр принял в четверг утром делегацию из Москвы и говорил с ней о подготовке инженеров, о цене на пшеницу и о ремонте железной дороги. Стороны снова встретятся весной, чтобы подписать соглашение, если парламент согласится."),
        ("ar", "استقبل الوزير صباح الخميس وفدا قادما من موسكو وتحدث معه عن تكوين المهندسين وسعر القمح وإصلاح السكة الحديدية. وسيلتقي الطرفان مرة أخرى في الربيع لتوقيع اتفاق جديد إذا وافق البرلمان على ذلك، كما قال الناطق باسم الحكومة أمس."),
    ],
    ids=["pt", "es", "it", "sw", "ru", "ar"],
)  # fmt: skip
def test_the_languages_of_our_neighbours_are_known(code: str, text: str) -> None:
    language = detect_language("", f"{text} {text}", "fr")

    assert (language.code, language.certain) == (code, True)


@pytest.mark.parametrize("text", [FRENCH, FRENCH * 3], ids=["short", "long"])
def test_the_small_words_of_a_french_text_decide(text: str) -> None:
    assert is_surely_french(text.lower())


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "Minis la te resevwa yon delegasyon ki soti Moskou jedi maten, epi yo te pale sou fòmasyon enjenyè yo, pri ble a ak travay sou tren an. De pati yo ap rankontre ankò nan prentan pou yo siyen yon akò, si palman an dakò ak sa.",
        "El ministre va rebre dijous al matí una delegació vinguda de Moscou, amb la qual va parlar de la formació dels enginyers, del preu del blat i de la reparació del ferrocarril. Les dues parts es tornaran a trobar a la primavera per signar un acord.",
        "Ministrul a primit joi dimineață o delegație venită de la Moscova, cu care a vorbit despre formarea inginerilor, prețul grâului și repararea căii ferate. Cele două părți se vor întâlni din nou la primăvară pentru a semna un acord.",
        "Lo ministre recebèt dijòus de matin una delegacion venguda de Moscòu, amb la quala parlèt de la formacion dels engenhaires, del prètz del blat e de la reparacion del camin de fèrre. Las doas partidas se tornaràn trobar a la prima per signar un acòrdi.",
        "Ministre ayambaki na mokolo ya minei na ntongo bato bauti na Moscou, mpe basololaki mpo na boyekoli ya ba ingénieurs, ntalo ya blé mpe kobongisa nzela ya engbunduka. Bango mibale bakokutana lisusu mpo na kotya maboko na boyokani.",
        "Jëwriñ ji dalal na alxamis ci suba ndaw yu bawoo Moscou, ñu waxtaan ci njàngum ingénieur yi, njëgu blé bi ak defaraat yoonu saxaar gi. Ñaari wàll yi dinañu dajewaat ci printemps ngir xaatim ab déggoo, su péncum ndawi réew mi nangoo.",
        "Ministan ya karbi wata tawaga daga Moscow a safiyar Alhamis, inda suka tattauna kan horar da injiniyoyi, farashin alkama da gyaran layin dogo. Bangarorin biyu za su sake haduwa a bazara domin rattaba hannu kan yarjejeniya idan majalisa ta amince.",
    ],
    ids=["English", "Haitian", "Catalan", "Romanian", "Occitan", "Lingala", "Wolof", "Hausa"],
)  # fmt: skip
def test_a_text_in_another_language_is_not_surely_french(text: str) -> None:
    assert not is_surely_french((text * 3)[:SAMPLE].lower())
    assert not is_surely_french(f"{text} {FRENCH}".lower())


@pytest.mark.skipif(not SENTENCES.is_file(), reason="the real sentences are not here")
def test_what_is_surely_french_is_french_to_langdetect() -> None:
    lines = [line.split("\t")[-1] for line in SENTENCES.read_text("utf-8").splitlines()[:6000]]
    samples = [" ".join(lines[n : n + 8])[:SAMPLE].lower() for n in range(0, len(lines), 40)]
    sure = [sample for sample in samples if is_surely_french(sample)]

    assert len(sure) > 0.9 * len(samples)
    for sample in sure:
        detector = QuickDetector()
        detector.append(sample)
        assert detector.get_probabilities()[0].lang == "fr", sample
