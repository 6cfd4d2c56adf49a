"""Chances are learned from words and from words that follow one another."""

from __future__ import annotations

from domain.knowledge.likelihood import learn, weigh

LEARNED = learn(
    [
        ("fruit", ("red", "apple")),
        ("fruit", ("green", "apple")),
        ("phone", ("apple", "phone")),
        ("phone", ("red", "phone", "case")),
    ]
)


def test_the_entry_whose_ways_to_ask_hold_the_word_more_often_is_likelier() -> None:
    chances = weigh(("apple",), LEARNED)
    assert chances["fruit"] > chances["phone"] > 0


def test_words_that_follow_one_another_tell_more_than_each_alone() -> None:
    assert weigh(("red", "phone"), LEARNED)["phone"] > weigh(("phone", "red"), LEARNED)["phone"]


def test_chances_are_shares_of_a_whole_and_nothing_follows_from_unknown_words() -> None:
    assert abs(sum(weigh(("red", "apple"), LEARNED).values()) - 1) < 1e-9
    assert weigh(("unheard",), LEARNED) == {}
