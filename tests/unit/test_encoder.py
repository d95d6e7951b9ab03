"""The event encoder reads the acts of short articles in both languages; tokenizer and windows keep offsets."""

from __future__ import annotations

import pytest

from services.language.sentences import split
from services.tagger.acts import Act, Text
from services.tagger.encoder import FOLDER, LONGEST, Encoder
from services.tagger.unigram import Unigram

pytestmark = pytest.mark.skipif(not (FOLDER / "reader.onnx").exists(), reason="models/encoder is not in this checkout")

ENGLISH = "Police arrested 40 protesters in Nairobi on Monday. Kenya will sign a trade agreement with Uganda next week."
HINDI = "पुलिस ने सोमवार को नैरोबी में 40 प्रदर्शनकारियों को गिरफ्तार किया। केन्या ने युगांडा पर हमले का आरोप लगाया।"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def text(words: str, parties: list[str], language: str) -> Text:
    spans = tuple((words.index(p), words.index(p) + len(p)) for p in parties)
    return Text(words, tuple(split(words)), spans, language)


def best(acts: list[Act], sentence: int) -> Act:
    return max((a for a in acts if a.sentence == sentence), key=lambda a: a.probability)


def test_types_modes_and_roles(encoder: Encoder) -> None:
    english = text(ENGLISH, ["Police", "protesters", "Kenya", "Uganda"], "en")
    hindi = text(HINDI, ["पुलिस", "प्रदर्शनकारियों", "केन्या", "युगांडा"], "hi")
    for words, acts in zip((english, hindi), encoder.read([english, hindi]), strict=True):
        arrest = best(acts, 0)
        assert (arrest.event_type, max(arrest.modes, key=arrest.modes.__getitem__)) == ("COERCE", "arrest")
        assert max(arrest.statuses, key=arrest.statuses.__getitem__) == "actual"
        assert arrest.actor[0] > 0.5 > arrest.actor[1]
        assert arrest.recipient[1] > 0.5 > arrest.recipient[0]
        assert arrest.trigger is not None
        assert 0 <= arrest.trigger[0] < arrest.trigger[1] <= words.sentences[0][1]
    assert best(encoder.read([hindi])[0], 1).event_type == "ACCUSE"


def test_status_of_what_is_planned(encoder: Encoder) -> None:
    act = best(encoder.read([text(ENGLISH, ["Kenya"], "en")])[0], 1)
    assert max(act.statuses, key=act.statuses.__getitem__) == "future"


def test_a_reading_does_not_depend_on_the_batch(encoder: Encoder) -> None:
    short, long = text(ENGLISH, ["Police"], "en"), text(" ".join([HINDI] * 5), ["पुलिस"], "hi")
    assert encoder.read([short])[0] == encoder.read([long, short])[1]


def test_windows_hold_every_sentence_once(encoder: Encoder) -> None:
    words = " ".join([ENGLISH, HINDI] * 30)
    windows = list(encoder._windows(0, text(words, [], "hi")))
    told = [n for w in windows for n, _, _ in w.lines if n >= 0]
    assert told == list(range(len(split(words))))
    assert len(windows) > 1
    assert all(len(w.ids) <= LONGEST + 2 for w in windows)


@pytest.mark.parametrize("odd", ["", "   ", "।", "\u200d", "x" * 5000, "😀 \x00 \ufffd"])
def test_odd_texts_are_read(encoder: Encoder, odd: str) -> None:
    acts = encoder.read([Text(odd, ((0, len(odd)),), (), "en")])
    assert len(acts) == 1


def test_dyads(encoder: Encoder) -> None:
    words = "Iran condemned the sanctions that the United States imposed."
    spans = [(words.index(n), words.index(n) + len(n)) for n in ("Iran", "the United States")]
    condemned = encoder.dyad([words], [spans[0]], [spans[1]])[0]
    assert sum(condemned.values()) == pytest.approx(1, abs=1e-3)
    assert max(condemned, key=condemned.__getitem__) in ("ACCUSE", "REJECT")


def test_pieces_cover_the_words(encoder: Encoder) -> None:
    pieces: Unigram = encoder._pieces
    _, starts, ends = pieces.encode(HINDI)
    covered = "".join(HINDI[a:b] for a, b in zip(starts, ends, strict=True))
    assert covered == HINDI.replace(" ", "")
    assert starts == sorted(starts)
