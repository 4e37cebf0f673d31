"""docs/sdk-support.md says what is so. Runs last: by then every supported call was made."""
from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import recorder
import tinker
from conftest import BASE_MODEL
from tinker import ServiceClient, TrainingClient, types

PAGE = Path(__file__).parents[2] / "docs" / "sdk-support.md"
ERRORS = {
    error.__name__: error
    for error in (ImportError, tinker.APIStatusError, tinker.BadRequestError, tinker.NotFoundError)
}


@dataclass(frozen=True)
class Row:
    works: bool
    how: str


def read_table() -> dict[str, Row]:
    """Every call of the page as `Class.method`."""
    table: dict[str, Row] = {}
    for section in PAGE.read_text().split("\n## ")[1:]:
        class_name, _, body = section.partition("\n")
        for calls, works, how in re.findall(r"^\| (`.*?) +\| (yes|no) +\| (.*?) *\|$", body, re.MULTILINE):
            for method in re.findall(r"`(\w+)`", calls):
                table[f"{class_name}.{method}"] = Row(works == "yes", how)
    return table


TABLE = read_table()


def test_the_table_names_every_public_method_and_no_other() -> None:
    assert set(TABLE) == {
        f"{name}.{method}"
        for name, owner in recorder.SURFACE.items()
        for method in recorder.public_methods(owner)
    }


def test_every_supported_call_was_made() -> None:
    assert {call for call, row in TABLE.items() if row.works} - recorder.called == set()


@pytest.fixture(scope="module")
def refused(service_client: ServiceClient) -> dict[str, Callable[[], object]]:
    run: TrainingClient = service_client.create_lora_training_client(base_model=BASE_MODEL, rank=4)
    path = run.save_state("here").result().path
    rest = service_client.create_rest_client()
    datum = types.Datum(
        model_input=types.ModelInput.from_ints([10, 11]),
        loss_fn_inputs={"target_tokens": [11, 12]},
    )

    def pair(client: object, method: str, *args: object) -> dict[str, Callable[[], object]]:
        """A call and its async variant, by their names in the table."""
        return {
            f"{type(client).__name__}.{name}": lambda name=name: getattr(client, name)(*args)
            for name in (method, f"{method}_async")
        }

    return {
        **pair(service_client, "create_full_training_client", BASE_MODEL),
        **pair(run, "forward_backward_custom", [datum], lambda *_: None),
        **pair(rest, "unpublish_checkpoint_from_tinker_path", path),
        **pair(rest, "set_checkpoint_ttl_from_tinker_path", path, 60),
    }


@pytest.mark.parametrize("call", [call for call, row in TABLE.items() if not row.works])
def test_a_call_that_is_not_supported_fails_at_once_as_the_table_says(
    refused: dict[str, Callable[[], object]], call: str
) -> None:
    (error,) = (ERRORS[name] for name in re.findall(r"`(\w+)`", TABLE[call].how) if name in ERRORS)
    began = time.monotonic()
    with pytest.raises(error) as failure:
        answer = refused[call]()
        if asyncio.iscoroutine(answer):
            asyncio.run(answer)
        answer.result()
    assert failure.type is error
    assert time.monotonic() - began < 10
