"""The SDK as Twinkle's users start it, against the servers that run.mjs started."""
from __future__ import annotations

import os
import uuid
from collections.abc import Callable

import pytest
from twinkle import init_tinker_client

# Twinkle's page: before ServiceClient is imported.
init_tinker_client()

import recorder  # noqa: E402
from tinker import ServiceClient, TrainingClient, types  # noqa: E402
from training import next_token_datum  # noqa: E402

recorder.install()

BASE_MODEL = "twinkle/spark"
#: The one account of the hub stand-in, and its token that may write.
HUB_USER, HUB_TOKEN = "alice", "ms-good"

Connect = Callable[..., ServiceClient]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The support table is compared with what all the others have called."""
    items.sort(key=lambda item: item.path.name == "test_support_table.py")


@pytest.fixture(scope="session")
def base_url() -> str:
    return os.environ["SDK_SERVER"]


@pytest.fixture(scope="session")
def hub_url() -> str:
    return os.environ["SDK_HUB"]


@pytest.fixture(scope="session")
def connect(base_url: str) -> Connect:
    """A new client; of an owner that nobody else is, unless a token is named."""
    return lambda api_key=None: ServiceClient(base_url=base_url, api_key=api_key or uuid.uuid4().hex)


@pytest.fixture(scope="session")
def service_client(connect: Connect) -> ServiceClient:
    return connect("EMPTY_API_KEY")


@pytest.fixture
def training_client(service_client: ServiceClient) -> TrainingClient:
    return service_client.create_lora_training_client(base_model=BASE_MODEL, rank=8, seed=1)


@pytest.fixture(scope="session")
def tokenizer():
    """From the local server's own copy: HF_ENDPOINT points at it."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(BASE_MODEL)


@pytest.fixture(scope="session")
def batch(tokenizer) -> list[types.Datum]:
    return [next_token_datum(tokenizer.encode(text)) for text in ("one two three four", "red green blue")]
