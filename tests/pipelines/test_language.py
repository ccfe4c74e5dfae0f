"""Language: what decides, and what is left undecided."""

from __future__ import annotations

import pytest

from pipelines.language import QuickDetector, detect_language, detectors
from storage.records import Language

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
