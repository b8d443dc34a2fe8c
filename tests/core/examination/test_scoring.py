from dataclasses import replace

import numpy as np
import pytest

from core.engine.engine import Engine
from core.engine.prediction import Familiarity
from core.examination.scoring import Scorer, Scores
from core.preprocess import preprocess
from tests.core.examination.conftest import flat, textured
from tests.helpers.tiny_model import SIZE


def test_scores_are_the_engines_in_order_and_counted(engine_of):
    counted = []
    engine = engine_of()
    scorer = Scorer(engine, counted.append, workers=2)
    pictures = [textured(value, value, 20) for value in range(10, 240, 10)]
    scores = scorer.score(len(pictures), lambda place: pictures[place])
    for place, grey in enumerate(pictures):
        alone = engine.predict(preprocess(grey, SIZE)[np.newaxis])[0]
        assert scores.score[place] == pytest.approx(alone.score, abs=1e-6)
        assert scores.called[place] == (alone.call == "pneumonia")
        assert scores.maps[place] == pytest.approx(alone.activation_map(), abs=1e-5)
        assert scores.probabilities[place] == pytest.approx(alone.probabilities, abs=1e-6)
    assert sum(counted) == len(pictures)


def test_what_goes_wrong_in_a_worker_comes_out_and_ends_the_work(engine_of):
    made = []

    def make(place):
        made.append(place)
        if place == 5:
            raise KeyboardInterrupt
        return flat(100)

    with pytest.raises(KeyboardInterrupt):
        Scorer(engine_of(), workers=1).score(1000, make)
    assert len(made) < 100


def test_pictures_are_made_a_few_at_a_time(engine_of):
    engine, state = engine_of(), {"made": 0, "scored": 0, "ahead": 0}

    def make(place):
        state["made"] += 1
        state["ahead"] = max(state["ahead"], state["made"] - state["scored"])
        return flat(100)

    def tick(count):
        state["scored"] += count

    assert isinstance(engine, Engine)
    Scorer(engine, tick, workers=1).score(400, make)
    assert state["ahead"] < 40


def test_familiarity_is_gathered_where_the_model_tells_it(engine_of):
    found = engine_of().predict(preprocess(flat(100), SIZE)[np.newaxis])[0]
    known, strange = (replace(found, familiarity=Familiarity(yes, None, 1.0, 2.0)) for yes in (True, False))
    assert Scores.of([known, strange]).familiar.tolist() == [True, False]
    assert Scores.of([known, found]).familiar is None
