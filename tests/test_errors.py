"""What an error says, and that it survives the way to a worker and back."""

import pickle

import pytest

from ecoval import errors
from ecoval.errors import EcovalError, InputError, nearest

BUILTIN = {
    errors.InputError: ValueError,
    errors.UnitError: ValueError,
    errors.OutOfScope: ValueError,
    errors.ParameterNotFound: LookupError,
    errors.ContentError: ValueError,
    errors.OutputError: OSError,
}


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.__name__)
def test_each_error_is_ours_and_a_builtin_a_caller_expects(kind):
    assert issubclass(kind, EcovalError)
    with pytest.raises(BUILTIN[kind], match="^表1：缺少单价，所给为 0。请补填。$"):
        raise kind("缺少单价", where="表1", got=0, hint="请补填。")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "缺少单价"),
        ({"where": "B2"}, "B2：缺少单价"),
        ({"got": ""}, "缺少单价，所给为 "),
        ({"hint": "请补填。"}, "缺少单价。请补填。"),
    ],
)
def test_an_error_says_only_the_parts_it_has(parts, text):
    assert str(EcovalError("缺少单价", **parts)) == text


@pytest.mark.parametrize("kind", [EcovalError, *BUILTIN], ids=lambda kind: kind.__name__)
def test_an_error_can_be_moved_and_pickled(kind):
    error = kind("缺少单价", where="第 3 行", got=-1, hint="请补填。")
    moved = error.at("表1")
    assert type(moved) is kind
    assert str(moved) == "表1 第 3 行：缺少单价，所给为 -1。请补填。"
    assert str(error) == "第 3 行：缺少单价，所给为 -1。请补填。"
    back = pickle.loads(pickle.dumps(moved))
    assert type(back) is kind
    assert (str(back), back.what, back.got) == (str(moved), "缺少单价", -1)


def test_a_moved_error_keeps_its_traceback():
    try:
        raise InputError("缺少单价")
    except InputError as error:
        moved = error.at("B2")
        assert moved.__traceback__ is error.__traceback__ is not None
    assert str(moved) == "B2：缺少单价"


def test_the_nearest_words_are_offered():
    assert nearest("单介", ["单价", "面积"]) == "是否指 单价？"
    assert nearest("volum", ["volume", "unit_cost"]) == "是否指 volume？"
    assert nearest("xyz", ["单价", "面积"]) == ""
    assert nearest("aaa1", ["aaa2", "aaa3", "aaa4", "aaa5"], most=2).count("、") == 1
