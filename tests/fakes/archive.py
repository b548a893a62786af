"""A bucket in memory that takes names once."""

from dataclasses import dataclass, field


@dataclass
class FakeArchive:
    """As ``S3Archive``. ``fault`` is raised by every call, ``refuses`` by those that write."""

    name: str = "s3://breakglass-log"
    objects: dict[str, bytes] = field(default_factory=dict)
    fault: OSError | None = None
    refuses: OSError | None = None

    def get(self, name: str) -> bytes | None:
        if self.fault:
            raise self.fault
        return self.objects.get(name)

    def put_once(self, name: str, data: bytes) -> bool:
        if name in self.objects:
            return False
        self.put(name, data)
        return True

    def put(self, name: str, data: bytes) -> None:
        if self.fault or self.refuses:
            raise self.fault or self.refuses or OSError
        self.objects[name] = data
