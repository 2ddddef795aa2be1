"""The second opinion."""

import numpy as np

from flows.topic.labels import Labelled
from flows.topic.opinion import learn_opinion, matrix_of, opinions_across, vector_of


def labels(count: int) -> list[Labelled]:
    """As many of each label; those about the topic speak of harvests, in ever other words."""
    subjects = ("wheat", "barley", "rye", "maize", "oats", "rice", "hops")
    made = []
    for number in range(count):
        subject = subjects[number % len(subjects)]
        made.append(Labelled(label=2, title=f"Harvest of {subject} number {number}", text=""))
        made.append(Labelled(label=0, title=f"Football: team {number} sold {subject}", text=""))
    return made


def test_too_few_labels_give_no_opinion() -> None:
    assert learn_opinion(labels(99)) is None
    assert learn_opinion([one for one in labels(300) if one.label == 0]) is None


def test_an_opinion_tells_what_it_learned_apart() -> None:
    opinion = learn_opinion(labels(100))
    assert opinion is not None
    assert opinion.of("A late harvest", "of barley") > 0.5 > opinion.of("Football", "results")


def test_learning_twice_gives_the_same() -> None:
    one, other = learn_opinion(labels(100)), learn_opinion(labels(100))
    assert one is not None
    assert other is not None
    assert np.array_equal(one.weights, other.weights)


def test_across_folds_no_label_is_judged_by_a_model_that_saw_its_title() -> None:
    twins = [
        Labelled(label=label, title=one.title, text="") for one in labels(30) for label in (2, 0)
    ]
    # the same titles with both labels: who has seen a title knows nothing of it either
    assert all(0.2 < said < 0.8 for said in opinions_across(twins))


def test_vectors_have_length_one_and_empty_texts_none() -> None:
    assert np.linalg.norm(vector_of("peace talks")) == np.float32(1.0) or np.isclose(
        np.linalg.norm(vector_of("peace talks")), 1.0
    )
    assert not vector_of("").any()
    assert matrix_of([]).shape[0] == 0
