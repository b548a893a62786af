"""One object with conditional writes, against a server that speaks S3."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from service.aws.objects.object import S3Object
from service.aws.objects.s3 import StoreFault

BUCKET = "breakglass-guards"
REGION = "eu-central-1"


@pytest.fixture
def endpoint(aws: None) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    made = boto3.client("s3", endpoint_url=url, region_name=REGION)
    made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield url
    made.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "log"}]})
    made.delete_bucket(Bucket=BUCKET)
    server.stop()


def store(endpoint: str, **more: Any) -> S3Object:
    return S3Object(BUCKET, "log", region=REGION, endpoint_url=endpoint, **more)


def test_it_is_made_once_and_replaced_only_by_whoever_knows_it(endpoint: str) -> None:
    one, other = store(endpoint), store(endpoint)
    assert one.name == "s3://breakglass-guards/log"
    assert one.get() is None
    first = one.put(b"first", None)
    assert first is not None
    assert other.put(b"also first", None) is None
    assert other.get() == (b"first", first)
    second = other.put(b"second", first)
    assert second not in {None, first}
    assert one.put(b"too late", first) is None
    assert one.get() == (b"second", second)


def test_what_was_deleted_is_not_replaced(endpoint: str) -> None:
    one = store(endpoint)
    tag = one.put(b"first", None)
    boto3.client("s3", endpoint_url=endpoint, region_name=REGION).delete_object(
        Bucket=BUCKET, Key="log"
    )
    assert one.put(b"second", tag) is None
    assert one.get() is None


def test_a_bucket_that_is_not_there_is_a_fault_with_its_word(endpoint: str) -> None:
    nowhere = S3Object("no-such-bucket", "log", region=REGION, endpoint_url=endpoint)
    for asked in (nowhere.get, lambda: nowhere.put(b"x", None)):
        with pytest.raises(StoreFault, match="NoSuchBucket"):
            asked()


def test_who_does_not_answer_is_a_fault_and_costs_no_second_try(aws: None) -> None:
    silent = store("http://127.0.0.1:9", wait=0.5)
    with pytest.raises(StoreFault, match="EndpointConnectionError"):
        silent.get()
